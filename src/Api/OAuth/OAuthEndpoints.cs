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
            .WithMetadata(new BodyLimit(settings.Limits.OAuthBodyBytes), new BackChannel());
        backChannel.MapPost("/token", TokenEndpoint.PostAsync);
        backChannel.MapPost("/revoke", RevocationEndpoint.PostAsync);
        backChannel.MapPost("/introspect", IntrospectionEndpoint.PostAsync);
        if (!settings.OAuth.RegistrationEnabled)
            return;
        backChannel.MapPost("/register", RegistrationEndpoint.PostAsync);
        backChannel.MapGet("/register/{clientId}", RegistrationEndpoint.GetAsync);
        backChannel.MapPut("/register/{clientId}", RegistrationEndpoint.PutAsync);
        backChannel.MapDelete("/register/{clientId}", RegistrationEndpoint.DeleteAsync);
    }
}
