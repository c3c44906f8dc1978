using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>The next step when a provider did not let the user in: the waiting client is told, or the user goes there again.</summary>
internal sealed class UpstreamRefusals(OpenRequests requests, CodeIssuer codes)
{
    /// <summary>Tells the waiting client. Where none waits, the user chooses anew.</summary>
    public async Task<AuthorizeStep> DenyAsync(
        UpstreamSignIn signIn,
        Visitor visitor,
        OAuthError error,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (signIn.LinkTo is not null)
            return new AuthorizeStep.Page(signIn.Then);
        if (signIn.RequestId is null)
            return new AuthorizeStep.SignInToPage(signIn.Then);
        return (await requests.FindAsync(signIn.RequestId, visitor, ct)).Try(out var request, out var refusal)
            ? await codes.DenyAsync(request, visitor, error, now, ct)
            : refusal;
    }

    /// <summary>Sends the user once more to a provider that wants a new sign-in. If that does not help, the client is told.</summary>
    public async Task<AuthorizeStep> FollowAsync(
        UpstreamSignIn signIn,
        FinishUpstreamSignInCommand command,
        OAuthError refusal,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (refusal.Code != OAuthError.UpstreamSignInRequired("").Code)
            return refusal;
        return command.AskedAgain && signIn.RequestId is not null
            ? await DenyAsync(signIn, command.Visitor, OAuthError.LoginRequired(), now, ct)
            : new AuthorizeStep.SignInThere(signIn.RequestId, signIn.Then, refusal);
    }

    /// <summary>The next step when the client wanted a new sign-in and there was none; null when all is well.</summary>
    public async Task<AuthorizeStep?> RefuseStaleAsync(
        UpstreamSignIn signIn,
        Visitor visitor,
        DateTimeOffset? signedInAt,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (signIn.RequestId is null)
            return null;
        if (!(await requests.FindAsync(signIn.RequestId, visitor, ct)).Try(out var request, out var refusal))
            return refusal;
        return request.RequiresFreshSignIn && !(signedInAt >= request.CreatedAt)
            ? await codes.DenyAsync(request, visitor, OAuthError.LoginRequired(), now, ct)
            : null;
    }
}
