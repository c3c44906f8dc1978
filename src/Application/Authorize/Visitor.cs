using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Authorize;

/// <summary>The browser in front of a page and who is signed in there.</summary>
/// <param name="Browser">Hash of the binding cookie; null when the browser sent none.</param>
/// <param name="Subject">The signed-in account, or null.</param>
/// <param name="SignedInAt">When it signed in.</param>
public sealed record Visitor(TokenHash? Browser, string? Subject, DateTimeOffset? SignedInAt)
{
    /// <summary>Why this visitor may not act on the request; null when it may.</summary>
    internal OAuthError? Refuse(AuthorizationRequest? request, DateTimeOffset now)
    {
        if (request is null || request.IsExpired(now))
            return OAuthError.InvalidRequest("This sign-in has expired.");
        if (Browser != request.Browser)
            return OAuthError.AccessDenied() with
            {
                Description = "This sign-in was started in another browser.",
                Detail = "binding cookie missing or different",
            };
        if (request.AnsweredAt is not null)
            return AuthorizationRequest.AlreadyAnswered;
        return null;
    }
}
