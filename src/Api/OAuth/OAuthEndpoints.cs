using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;

namespace OAuthMcp.Api.OAuth;

internal static class OAuthEndpoints
{
    /// <summary>The back channel of the embedded authorization server, and its metadata.</summary>
    public static void MapAuthorizationServer(this IEndpointRouteBuilder routes, ServerSettings settings)
    {
        routes.MapServerMetadata();

        var backChannel = routes
            .MapGroup("")
            .RequireCors(Cors.Public)
            .DisableAntiforgery()
            .WithMetadata(new BodyLimitAttribute(settings.Limits.OAuthBodyBytes), new TakesSecrets());
        backChannel.MapPost("/token", TokenEndpoint.PostAsync).WithMetadata(new LimitedInside());
        backChannel.MapPost("/revoke", RevocationEndpoint.PostAsync).RequireRateLimiting(PeerLimits.Revocation);
        backChannel.MapPost("/introspect", IntrospectionEndpoint.PostAsync).RequireRateLimiting(PeerLimits.Introspection);
        if (!settings.OAuth.RegistrationEnabled)
            return;
        backChannel.MapPost("/register", RegistrationEndpoint.PostAsync).RequireRateLimiting(PeerLimits.Registration);
        var registered = backChannel.MapGroup("/register/{clientId}").RequireRateLimiting(PeerLimits.RegistrationAccess);
        registered.MapGet("", RegistrationEndpoint.GetAsync);
        registered.MapPut("", RegistrationEndpoint.PutAsync);
        registered.MapDelete("", RegistrationEndpoint.DeleteAsync);
    }
}
