using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Authorize;

/// <summary>
/// Repeats an answer for a minute to whoever gave it, since it may have been lost: after a double click, in two tabs, on a broken
/// connection. It is the same code, as long as nobody has used it.
/// </summary>
internal sealed class Answers(
    IAuthorizationRequestStore requests,
    IAuthorizationCodeStore codes,
    IGrantStore grants,
    OAuthSettings settings,
    TimeProvider time
)
{
    /// <summary>Repeats the answer to an answered request, whatever it was. Loading a page again asks for nothing new.</summary>
    public Task<AuthorizeStep> RepeatAsync(AuthorizationRequest request, Visitor visitor, CancellationToken ct) =>
        RepeatAsync(request, visitor, request.CodeSalt is null ? null : request.ApprovedScope, ct);

    /// <summary>Repeats it for somebody who answers again, unless the answer is a different one now.</summary>
    /// <param name="scope">What is allowed this time; null for a denial.</param>
    public async Task<AuthorizeStep> RepeatAsync(AuthorizationRequest request, Visitor visitor, ScopeSet? scope, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (!request.WasAnswered(scope, now) || visitor.Browser is not { } browser)
            return AuthorizationRequest.AlreadyAnswered;
        if (request.CodeSalt is not { } salt)
            return new AuthorizeStep.Redirect(request.Respond(settings.Issuer, OAuthError.AccessDenied()));
        var code = AuthorizationRequest.Code(browser, salt);
        return
            await codes.FindAsync(TokenHash.Of(code), ct) is { RedeemedAt: null } issued
            && now < issued.ExpiresAt
            && await grants.FindAsync(issued.GrantId, ct) is { } grant
            && grant.Refuse(now) is null
            && grant.Subject == visitor.Subject
            ? new AuthorizeStep.Redirect(request.Respond(settings.Issuer, code))
            : AuthorizationRequest.AlreadyAnswered;
    }

    /// <summary>What becomes of an answer that the store did not take, because another was faster or the session has ended.</summary>
    public async Task<AuthorizeStep> FollowAsync(AuthorizationRequest request, Visitor visitor, ScopeSet? scope, CancellationToken ct) =>
        await requests.FindAsync(request.Id, ct) is { AnsweredAt: not null } answered
            ? await RepeatAsync(answered, visitor, scope, ct)
            : request.NextStep(visitor.SignedOut);
}
