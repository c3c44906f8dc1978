using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Mcp;
using OAuthMcp.Application;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure;
using OAuthMcp.Infrastructure.Audit;
using OAuthMcp.Infrastructure.Downstream;
using Serilog;

namespace OAuthMcp.Api.Hosting;

/// <summary>The same tools over standard input and output, without socket or accounts. The token comes from the environment.</summary>
internal static class StdioServer
{
    private static readonly string[] SignInSections = ["Upstream", "Authority"];

    public static IHost Build(IReadOnlyDictionary<string, string?> overrides)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(overrides);
        if (SignInSections.FirstOrDefault(key => builder.Configuration.GetSection(key).Exists()) is { } unreachable)
            throw new ConfigurationException($"{unreachable} has no effect over stdio, where nobody signs in.");
        var options = builder.Configuration.Section<DownstreamOptions>("Downstream");
        if (options.Token != "Received")
            throw new ConfigurationException("Downstream:Token must be Received over stdio: there is no user but the one of API_KEY.");
        var downstream = ConfiguredDownstream.Read(options, null);
        builder.Services.AddSerilog(
            (services, logger) => logger.Configure(services, builder.Configuration, toStandardError: true),
            preserveStaticLogger: true
        );
        builder.AddTelemetry();
        builder
            .Services.AddLocalTools()
            .AddSingleton(TimeProvider.System)
            .AddAudit(hasTable: false)
            .AddDownstreamTokens(DownstreamTokenSource.Received)
            .AddDownstream(downstream.BaseAddress, downstream.Proxy);

        var apiKey = TakeApiKey();
        builder.Services.AddSingleton<ITokenContext>(provider => new StdioTokenContext(
            apiKey,
            ToolScopes.OfAll(provider.GetServices<McpServerTool>())
        ));
        builder
            .Services.AddProtectedServer(
                ToolAccess.Everything,
                builder.Configuration.Section<BrandingOptions>("Branding").ReadName(),
                builder.Configuration.Section<McpOptions>("Mcp").ReadInstructions()
            )
            .WithOwnTools()
            .WithStdioServerTransport();
        builder.Services.AddHostedService<EndOfInput>();
        var host = builder.Build();
        var log = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(StdioServer));
        log.WarnOfTokensElsewhere(downstream); // in Development too, since this server has no address to serve the API at
        log.NameProxy(downstream);
        return host;
    }

    /// <summary>Removes the variable too, so that no child process inherits it.</summary>
    /// <exception cref="ConfigurationException">It cannot be a token. The message does not repeat it.</exception>
    private static Secret? TakeApiKey()
    {
        var given = Environment.GetEnvironmentVariable(StdioTokenContext.EnvironmentVariable);
        Environment.SetEnvironmentVariable(StdioTokenContext.EnvironmentVariable, null);
        if (string.IsNullOrEmpty(given))
            return null;
        var key = given.Trim(); // files and shells add a line break
        return key is not "" && key.All(letter => letter is > ' ' and <= '~')
            ? new Secret(key)
            : throw new ConfigurationException(
                $"{StdioTokenContext.EnvironmentVariable} must be one token of printable ASCII characters, "
                    + "without spaces or line breaks inside."
            );
    }

    /// <summary>Ends the server when its input ends. The SDK would wait for every running call and then drop the answers.</summary>
    private sealed class EndOfInput(ITransport transport, IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await transport.MessageReader.Completion.WaitAsync(stoppingToken);
            lifetime.StopApplication();
        }
    }
}
