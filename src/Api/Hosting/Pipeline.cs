using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Api.Mcp;
using OAuthMcp.Api.OAuth;
using OAuthMcp.Api.Pages;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Hosting;

/// <summary>The way of a request, and every route.</summary>
public static class Pipeline
{
    /// <summary>Maps the pipeline and every route.</summary>
    /// <exception cref="ConfigurationException">
    /// What is configured does not fit the tools. A program that runs by <c>RunOAuthMcpAsync</c> says so there.
    /// </exception>
    /// <exception cref="InvalidOperationException">Nothing was added.</exception>
    public static void MapOAuthMcp(this WebApplication app)
    {
        if (app.Services.GetService<StartFault>() is { } fault)
            fault.Catch(() => Map(app));
        else
            Map(app);
    }

    private static void Map(WebApplication app)
    {
        var settings = app.Services.GetService<ServerSettings>()
            ?? throw new InvalidOperationException("MapOAuthMcp needs builder.AddOAuthMcp() before builder.Build().");
        Completeness.ThrowIfIncomplete(app.Services);
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

    private static bool IsMcp(HttpContext http) => http.Request.Path.StartsWithSegments(ResourceIndicator.EndpointPath);
}
