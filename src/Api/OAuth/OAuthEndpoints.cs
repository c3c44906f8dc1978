using Microsoft.AspNetCore.Mvc;

namespace OAuthMcp.Api.OAuth;

internal static class OAuthEndpoints
{
    /// <summary>The endpoints of the embedded authorization server.</summary>
    public static void MapAuthorizationServer(this IEndpointRouteBuilder routes, bool registrationEnabled)
    {
        routes.MapDiscovery();
        routes.MapGet("/authorize", AuthorizeEndpoint.GetAsync);

        var backChannel = routes.MapGroup("").RequireCors(Cors.Public).DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute(OAuthForm.MaxBodySize));
        backChannel.MapPost("/token", TokenEndpoint.PostAsync);
        backChannel.MapPost("/revoke", RevocationEndpoint.PostAsync);
        if (registrationEnabled) backChannel.MapPost("/register", RegistrationEndpoint.PostAsync);
    }
}
