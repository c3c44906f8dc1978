using OAuthMcp.Api.Hosting;

namespace OAuthMcp.Api.OAuth;

internal static class OAuthEndpoints
{
    /// <summary>The endpoints of the embedded authorization server.</summary>
    public static void MapAuthorizationServer(this IEndpointRouteBuilder routes, ServerSettings settings)
    {
        routes.MapServerMetadata();
        routes.MapGet("/authorize", AuthorizeEndpoint.GetAsync);

        var backChannel = routes.MapGroup("").RequireCors(Cors.Public).DisableAntiforgery().WithMetadata(new BodyLimit(settings.Limits.OAuthBodyBytes), new BackChannel());
        backChannel.MapPost("/token", TokenEndpoint.PostAsync);
        backChannel.MapPost("/revoke", RevocationEndpoint.PostAsync);
        backChannel.MapPost("/introspect", IntrospectionEndpoint.PostAsync);
        if (!settings.OAuth.RegistrationEnabled) return;
        backChannel.MapPost("/register", RegistrationEndpoint.PostAsync);
        backChannel.MapGet("/register/{clientId}", RegistrationEndpoint.GetAsync);
        backChannel.MapPut("/register/{clientId}", RegistrationEndpoint.PutAsync);
        backChannel.MapDelete("/register/{clientId}", RegistrationEndpoint.DeleteAsync);
    }
}

/// <summary>Marks the endpoints that clients send secrets to: over plain http they answer 400 where the public URL is https.</summary>
internal sealed class BackChannel;
