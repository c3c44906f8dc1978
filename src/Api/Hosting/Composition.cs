using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Accounts;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Api.Mcp;
using OAuthMcp.Api.OAuth;
using OAuthMcp.Api.Pages;
using OAuthMcp.Application;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Settings;
using OAuthMcp.Infrastructure;
using OAuthMcp.Infrastructure.Audit;
using OAuthMcp.Infrastructure.Downstream;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Api.Hosting;

/// <summary>The composition root: what the server is made of, for this program and for any other that includes it.</summary>
public static class Composition
{
    /// <summary>Adds everything but tools, log and address. Tools, prompts and resources are chained to the result.</summary>
    /// <param name="services">Those of a <see cref="WebApplicationBuilder"/>, which say what environment this is.</param>
    /// <exception cref="ConfigurationException">The configuration cannot be started on.</exception>
    /// <exception cref="InvalidOperationException">It was added before.</exception>
    public static IMcpServerBuilder AddOAuthMcp(this IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(service => service.ServiceType == typeof(ServerSettings)))
            throw new InvalidOperationException("AddOAuthMcp is called twice: chain the tools to one call.");
        var environment = services.Select(service => service.ImplementationInstance).OfType<IHostEnvironment>().Last();
        var settings = ServerSettings.Read(configuration, null, environment);
        var isHttps = settings.PublicUrl.Scheme == "https";
        // The scopes of the tools are known once the last tool is registered, by whatever assembly.
        services.AddSingleton(provider =>
            ServerSettings.Read(configuration, ToolScopes.OfAll(provider.GetServices<McpServerTool>()), environment)
        );
        services.AddSingleton(provider => provider.GetRequiredService<ServerSettings>().OAuth);
        services.AddLifecycle();
        services.AddSingleton(TimeProvider.System);
        services
            .AddDownstreamTokens(settings.OAuth.DownstreamToken)
            .AddDownstream(settings.Downstream.BaseAddress, settings.Downstream.Proxy);
        if (settings.OAuth.Authority is { } authority)
            services.AddResourceServer().AddExternalAuthority(authority);
        else
            services.AddAuthorizationServer(settings, isHttps);

        services.AddHttpContextAccessor().AddSingleton<IRequestOrigin, RequestOrigin>().AddAudit(settings.OAuth.Authority is null);
        services.AddAuthorization().AddCors(cors => Cors.Configure(cors, settings.AllowedOrigins));
        services.AddPages(settings);
        services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        services.AddServerLimits(settings);
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            // Never the host, which is configured. Peer and scheme come from configured proxies only.
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var proxy in settings.TrustedProxies)
                forwarded.KnownIPNetworks.Add(proxy);
        });

        // Links are made with the public URL, so a request for another host is refused (RFC 9700 §4.13). The refusal has no body,
        // since it is sent before any middleware of ours adds headers.
        services.Configure<HostFilteringOptions>(filter =>
            (filter.AllowedHosts, filter.IncludeFailureMessage) = ([settings.PublicUrl.Host, "localhost", "127.0.0.1", "[::1]"], false)
        );
        return services.AddMcpEndpoint(settings);
    }

    private static void AddLifecycle(this IServiceCollection services)
    {
        services.AddSingleton<Readiness>().AddSingleton<Lifecycle>();
        services.AddHostedService(provider => provider.GetRequiredService<Lifecycle>());
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, ForeignHosts>()); // in front of the framework's own
        services.PostConfigure<LoggerFilterOptions>(Logging.KeepQuiet);
    }

    private static void AddAuthorizationServer(this IServiceCollection services, ServerSettings settings, bool isHttps)
    {
        services
            .AddApplication()
            .AddAuthorizationServerStores(
                new DataDirectory(
                    settings.DataDirectory,
                    settings.Database is null,
                    settings.Database is not { Kind: DatabaseKind.Postgres }
                ),
                settings.Database,
                settings.Protection,
                settings.Limits.PasswordChecks,
                settings.Limits.WriteQueue
            );
        services.AddScoped<FailedClients>().AddSessionMigration();
        services
            .AddAuthentication(Cookies.SessionScheme)
            .AddCookie(Cookies.SessionScheme, cookie => Configure(cookie, "oauthmcp-session", SessionStamp.Lifetime, isExtendedByUse: true))
            .AddCookie(Cookies.FirstStepScheme, cookie =>
                Configure(cookie, "oauthmcp-firststep", TimeSpan.FromMinutes(5), isExtendedByUse: false)
            )
            .AddCookie(Devices.Scheme, cookie =>
            {
                Configure(cookie, "oauthmcp-device", Devices.Lifetime, isExtendedByUse: true);
                cookie.Events.OnValidatePrincipal = _ => Task.CompletedTask; // a known browser stays known after sessions and passwords
            });
        void Configure(CookieAuthenticationOptions cookie, string name, TimeSpan lifetime, bool isExtendedByUse)
        {
            (cookie.Cookie.Name, cookie.Cookie.SameSite) = (Cookies.CookieName(name, settings.PublicUrl), SameSiteMode.Lax);
            (cookie.Cookie.SecurePolicy, cookie.Cookie.Path) = (isHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None, "/");
            (cookie.ExpireTimeSpan, cookie.SlidingExpiration) = (lifetime, isExtendedByUse);
            cookie.Events.OnValidatePrincipal = Cookies.CheckSessionAsync;
        }

        services.AddScoped<PasskeyStates>().AddScoped<IPasskeyHandler<Account>, PasskeyHandler<Account>>();
        services.AddScoped<IPasskeys, IdentityPasskeys>().AddScoped<IPasskeySignIn, IdentityPasskeys>();
        services.Configure<IdentityPasskeyOptions>(passkeys =>
        {
            // The authenticator finds the account and verifies its owner, which makes a passkey two factors at once.
            (passkeys.ResidentKeyRequirement, passkeys.UserVerificationRequirement, passkeys.ServerDomain) = (
                "required",
                "required",
                settings.PublicUrl.Host
            );
            passkeys.ValidateOrigin = origin => ValueTask.FromResult(!origin.CrossOrigin && origin.Origin == settings.OAuth.Issuer);
        });
        services.AddAntiforgery(antiforgery =>
        {
            (antiforgery.Cookie.Name, antiforgery.Cookie.SameSite) = (
                Cookies.CookieName("oauthmcp-csrf", settings.PublicUrl),
                SameSiteMode.Lax
            );
            (antiforgery.Cookie.SecurePolicy, antiforgery.Cookie.Path) = (
                isHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None,
                "/"
            );
            antiforgery.SuppressXFrameOptionsHeader = true; // every answer has it
        });
    }

    /// <summary>Maps the pipeline and every route.</summary>
    /// <exception cref="InvalidOperationException">Nothing was added.</exception>
    public static void MapOAuthMcp(this WebApplication app)
    {
        var settings = app.Services.GetService<ServerSettings>()
            ?? throw new InvalidOperationException("MapOAuthMcp needs builder.AddOAuthMcp() before builder.Build().");
        if (settings.TrustedProxies.Count > 0)
            app.UseForwardedHeaders();
        app.UseRequestLog();
        app.UsePublicScheme(settings.PublicUrl.Scheme);
        app.UseSecurityHeaders(settings.PublicUrl.Scheme == "https");
        app.UseMiddleware<UnhandledErrors>();
        // Clients in web pages look for metadata in many places. They may read the 404, which CORS would hide from them.
        app.UseRouting()
            .UseWhen(
                http => http.Request.Path.StartsWithSegments(DiscoveryEndpoints.WellKnown),
                documents => documents.UseCors(Cors.Public)
            );
        app.UseCors().UseRequestShape();
        if (!app.Environment.IsDevelopment())
            app.UseTransportSecurity(settings.PublicUrl.Scheme);
        app.UseRateLimiter().UsePageForms();
        app.UseWhen(http => IsMcp(http), mcp => mcp.UseOriginCheck(settings).UseHowToConnect(settings).UseMethodCheck(settings));
        app.UseStartGate(app.Services.GetRequiredService<Readiness>());
        app.UseWhen(http => IsMcp(http), mcp => mcp.UseMcp());
        app.UsePageLanguage().UseAuthentication().UseAuthorization();

        app.MapResourceMetadata();
        app.MapMcpEndpoint(settings);
        app.MapWrongAddress(settings);
        app.MapAssets(settings.Look);
        app.MapHealth(settings);
        if (app.Environment.IsDevelopment())
            app.MapDevelopmentHttpBin();
        if (settings.OAuth.Authority is not null)
            return; // the external authorization server does the rest
        app.MapAuthorizationServer(settings);
        app.MapPages();
    }

    /// <summary>
    /// Makes the data directory, migrates the database, loads the keys and adds the configured accounts. The start does the same;
    /// this is for a program that needs it earlier.
    /// </summary>
    /// <exception cref="ConfigurationException">The data directory or a configured account is unusable.</exception>
    public static Task PrepareOAuthMcpAsync(this WebApplication app, CancellationToken ct) =>
        app.Services.GetRequiredService<Lifecycle>().PrepareAsync(ct);

    private static bool IsMcp(HttpContext http) => http.Request.Path.StartsWithSegments(Domain.Protocol.ResourceIndicator.EndpointPath);
}
