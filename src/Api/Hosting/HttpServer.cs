using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using OAuthMcp.Api.Mcp;
using OAuthMcp.Api.OAuth;
using OAuthMcp.Api.Pages;
using OAuthMcp.Application;
using OAuthMcp.Application.Tools;
using OAuthMcp.Infrastructure;
using OAuthMcp.Infrastructure.Persistence;
using Serilog;

namespace OAuthMcp.Api.Hosting;

/// <summary>The server over HTTP: authorization server, pages and the protected MCP endpoint in one process. The composition root.</summary>
internal static class HttpServer
{
    /// <param name="overrides">Configuration keys of the command line; they win.</param>
    /// <param name="configure">Last word on the services, for hosts that add to them.</param>
    /// <exception cref="ConfigurationException">The configuration cannot be started on.</exception>
    public static WebApplication Build(IReadOnlyDictionary<string, string?> overrides, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = CreateBuilder(overrides);
        var settings = ServerSettings.Read(builder.Configuration, builder.Environment.IsDevelopment(), builder.Environment.ContentRootPath, McpSetup.Scopes);
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (settings.Limits.HeaderBytes > 0) kestrel.Limits.MaxRequestHeadersTotalSize = settings.Limits.HeaderBytes;
        }).UseUrls(settings.ListenUrl);
        builder.Services.AddSerilog((services, logger) => logger.Configure(services, builder.Configuration, toStandardError: false), preserveStaticLogger: true);
        builder.Services.AddOAuthMcp(settings);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseOAuthMcp(settings);
        if (app.Environment.IsDevelopment()) app.MapDevelopmentHttpBin();
        return app;
    }

    /// <summary>A builder that finds appsettings, pages and environment, whichever program it runs in.</summary>
    public static WebApplicationBuilder CreateBuilder(IReadOnlyDictionary<string, string?> overrides)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(HttpServer).Assembly.GetName().Name,
            EnvironmentName = overrides.GetValueOrDefault(HostDefaults.EnvironmentKey), // null for the environment's own
        });
        builder.Configuration.AddInMemoryCollection(overrides);
        return builder;
    }

    private static void AddOAuthMcp(this IServiceCollection services, ServerSettings settings)
    {
        var isHttps = settings.PublicUrl.Scheme == "https";
        services.AddSingleton(settings).AddSingleton(settings.OAuth);
        services.AddSingleton(TimeProvider.System).AddHttpContextAccessor();
        services.AddApplication().AddAuthorizationServerStores(new DataDirectory(settings.DataDirectory, settings.Database is null), settings.Database, settings.Limits.PasswordChecks).AddDownstream(settings.Downstream);
        services.AddSingleton<ITokenContext, HttpTokenContext>();

        services.AddAuthentication(Visitors.SessionScheme).AddCookie(Visitors.SessionScheme, cookie =>
        {
            (cookie.Cookie.Name, cookie.Cookie.SameSite) = (Visitors.CookieName("oauthmcp-session", isHttps), SameSiteMode.Lax);
            (cookie.Cookie.SecurePolicy, cookie.Cookie.Path) = (isHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None, "/");
            cookie.ExpireTimeSpan = TimeSpan.FromHours(8);
            cookie.Events.OnValidatePrincipal = Visitors.CheckSessionAsync;
        });
        services.AddAntiforgery(antiforgery =>
        {
            (antiforgery.Cookie.Name, antiforgery.Cookie.SameSite) = (Visitors.CookieName("oauthmcp-csrf", isHttps), SameSiteMode.Lax);
            (antiforgery.Cookie.SecurePolicy, antiforgery.Cookie.Path) = (isHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None, "/");
            antiforgery.SuppressXFrameOptionsHeader = true; // every answer has it
        });
        services.AddAuthorization().AddCors(cors => Cors.Configure(cors, settings.AllowedOrigins));
        services.AddRazorPages(pages => pages.RootDirectory = "/Pages");
        services.AddMcpEndpoint(settings);

        services.AddSingleton(new RateLimits(settings.Limits, settings.RegistrationsPerMinute));
        services.Configure<FormOptions>(form => form.ValueCountLimit = settings.Limits.FormKeys > 0 ? settings.Limits.FormKeys : int.MaxValue);
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            // Never the host: it is configured. The peer and the scheme only from a proxy that is configured too.
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var proxy in settings.TrustedProxies) forwarded.KnownIPNetworks.Add(proxy);
        });

        // Links come from the public URL; a request for another host is not for this server (RFC 9700 §4.13). The
        // refusal has no body: it is sent before any middleware of ours could add a page's headers.
        services.Configure<HostFilteringOptions>(filter =>
            (filter.AllowedHosts, filter.IncludeFailureMessage) = ([settings.PublicUrl.Host, "localhost", "127.0.0.1", "[::1]"], false));
    }

    private static void UseOAuthMcp(this WebApplication app, ServerSettings settings)
    {
        if (settings.TrustedProxies.Count > 0) app.UseForwardedHeaders();
        app.UseRequestLog();
        app.UsePublicScheme(settings.PublicUrl.Scheme);
        app.UseSecurityHeaders(settings.PublicUrl.Scheme == "https");
        app.UseMiddleware<UnhandledErrors>();
        app.UseRouting().UseCors().UseRequestShape();
        if (app.Environment.IsProduction()) app.UseTransportSecurity(settings.PublicUrl.Scheme);
        app.UseWhen(http => IsMcp(http), mcp => mcp.UseOriginCheck(settings));
        app.UseAuthentication().UseAuthorization();
        app.UseWhen(http => IsMcp(http), mcp => mcp.UseMiddleware<TokenContextMiddleware>().UseSessionCheck().UseCallLimit().UseMiddleware<ScopeGate>().UseMiddleware<StreamGuard>());

        app.MapAuthorizationServer(settings);
        app.MapMcpEndpoint(settings);
        app.MapRazorPages();
        app.MapAssets();
        app.MapHealth();
    }

    private static bool IsMcp(HttpContext http) => http.Request.Path.StartsWithSegments(Domain.Protocol.ResourceIndicator.EndpointPath);
}
