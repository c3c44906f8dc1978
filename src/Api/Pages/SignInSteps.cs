using Microsoft.AspNetCore.WebUtilities;
using OAuthMcp.Api.Http;

namespace OAuthMcp.Api.Pages;

/// <summary>The pages of a sign-in, which tell each other where it leads.</summary>
internal static class SignInSteps
{
    public static string Password(string? requestId, string? then) => Path("/signin", requestId, then);

    public static string Code(string? requestId, string? then) => Path("/signin/code", requestId, then);

    /// <summary>Answers 429 with the time to wait (RFC 6585 §4), and returns the text for the page.</summary>
    public static string TooMany(this HttpResponse response, TimeSpan retryAfter)
    {
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        RetryAfter.Tell(response, retryAfter);
        return Texts.SignIn_TooMany;
    }

    private static string Path(string page, string? requestId, string? then) =>
        QueryHelpers.AddQueryString(page, new Dictionary<string, string?> { ["request"] = requestId, ["then"] = Destinations.Known(then) });
}
