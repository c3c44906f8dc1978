using OAuthMcp.Api.Http;
using OAuthMcp.Api.Pages;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Hosting;

internal static class Refusals
{
    /// <summary>Refuses before the endpoint runs, in the form that the endpoint's answers have: a page for people, JSON for programs.</summary>
    public static Task RefuseAsync(this HttpContext http, OAuthError error) =>
        http.GetEndpoint()?.Metadata.GetMetadata<ForPeople>() is null
            ? OAuthResults.Error(error).ExecuteAsync(http)
            : AuthorizeSteps.Refusal(error).ExecuteAsync(http);
}
