using OAuthMcp.Api.Http;
using OAuthMcp.Api.Pages;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Hosting;

internal static class Refusals
{
    /// <summary>Answers instead of the endpoint, in the form of its own answers: a page for people, JSON for programs.</summary>
    public static Task AnswerAsync(this HttpContext http, OAuthError error) =>
        http.GetEndpoint()?.Metadata.GetMetadata<ForPeople>() is null
            ? OAuthResults.Error(error).ExecuteAsync(http)
            : AuthorizeSteps.Refusal(error).ExecuteAsync(http);
}
