using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Mcp;
using Serilog;

namespace OAuthMcp.Api.Hosting;

/// <summary>The server over HTTP: authorization server, pages and the protected MCP endpoint in one process.</summary>
internal static class HttpServer
{
    /// <param name="overrides">Configuration keys of the command line, which win over all others.</param>
    /// <param name="configure">Called last, for hosts that add services.</param>
    /// <exception cref="ConfigurationException">The configuration cannot be started on.</exception>
    public static WebApplication Build(IReadOnlyDictionary<string, string?> overrides, Action<WebApplicationBuilder>? configure = null)
    {
        var app = Compose(overrides, configure);
        app.MapOAuthMcp();
        return app;
    }

    /// <summary>The same services for whoever serves nobody: without pipeline and routes, which take a while to make.</summary>
    /// <exception cref="ConfigurationException">The configuration cannot be started on.</exception>
    public static WebApplication Compose(IReadOnlyDictionary<string, string?> overrides, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = CreateBuilder(overrides);
        builder.AddServer().WithOwnTools();
        configure?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>All but the tools, for this program and for any other.</summary>
    /// <exception cref="ConfigurationException">The configuration cannot be started on.</exception>
    public static IMcpServerBuilder AddServer(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseUrls(ReadAddresses(builder));
        builder
            .Services.AddSingleton<LogSwitch>()
            .AddSerilog(
                (services, logger) => logger.Configure(services, builder.Configuration, toStandardError: false),
                preserveStaticLogger: true
            );
        builder.AddTelemetry();
        return builder.Services.AddOAuthMcp(builder.Configuration);
    }

    // All that is wrong, before anything is made of it.
    private static string[] ReadAddresses(WebApplicationBuilder builder)
    {
        var faults = new FoundFaults();
        faults.Check(() => SectionNames.ThrowIfMisspelt(builder.Configuration));
        faults.Check(() => ServerSettings.Read(builder.Configuration, null, builder.Environment));
        faults.Check(() => Logging.ThrowIfUnusable(builder.Configuration));
        var addresses = faults.Of(
            () =>
                ListenAddresses.Resolve(
                    builder
                        .Configuration.Section<ServerOptions>("Server")
                        .ReadAddresses(builder.Configuration[WebHostDefaults.ServerUrlsKey])
                        .Urls
                ),
            []
        );
        faults.ThrowIfAny();
        return addresses;
    }

    /// <summary>A builder that finds appsettings, pages and environment in whichever program it runs.</summary>
    /// <exception cref="ConfigurationException">A file of the configuration cannot be read.</exception>
    public static WebApplicationBuilder CreateBuilder(IReadOnlyDictionary<string, string?> overrides)
    {
        try
        {
            var builder = WebApplication.CreateBuilder(
                new WebApplicationOptions
                {
                    ApplicationName = typeof(HttpServer).Assembly.GetName().Name,
                    // The configuration is read once. Looking out for changes would look into every folder below the current one.
                    Args = ["--hostBuilder:reloadConfigOnChange=false"],
                    EnvironmentName = overrides.GetValueOrDefault(HostDefaults.EnvironmentKey), // null for the variables
                }
            );
            builder.Configuration.AddInMemoryCollection(overrides);
            return builder;
        }
        catch (InvalidDataException failure)
        {
            throw new ConfigurationException(SectionNames.Explain(failure));
        }
    }
}
