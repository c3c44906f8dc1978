using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>The provider's answer in the browser (RFC 6749 §4.1.2): who signed in there, and the token that tools can use.</summary>
/// <param name="Error">The provider's error code, which is logged and never shown.</param>
/// <param name="Issuer">The <c>iss</c> of RFC 9207.</param>
/// <param name="Path">The path at which it arrived.</param>
/// <param name="Browser">Hash of the cookie that the browser got when it was sent to the provider; null when it has none.</param>
/// <param name="AskedAgain">Whether the provider had asked before that the user signs in anew.</param>
internal sealed record FinishUpstreamSignInCommand(
    Secret? State,
    Secret? Code,
    string? Error,
    string? Issuer,
    string Path,
    TokenHash? Browser,
    Visitor Visitor,
    bool AskedAgain = false
) : IRequest<UpstreamArrival>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.SignIn, "provider");
}

internal sealed class FinishUpstreamSignInHandler(
    UpstreamCallbacks callbacks,
    UpstreamRefusals refusals,
    IUpstreamAccounts accounts,
    OAuthSettings settings,
    CurrentAct act,
    TimeProvider time
) : IRequestHandler<FinishUpstreamSignInCommand, UpstreamArrival>
{
    public async Task<UpstreamArrival> Handle(FinishUpstreamSignInCommand command, CancellationToken ct) =>
        (await ArriveAsync(command, ct)).Counted();

    private async Task<UpstreamArrival> ArriveAsync(FinishUpstreamSignInCommand command, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (!(await callbacks.TakeAsync(command, now, ct)).Try(out var signIn, out var refusal))
            return refusal;
        var provider = settings.FindProvider(signIn.Provider)!;
        (act.Name, act.Act) = (provider.Name, signIn.LinkTo is null ? act.Act : "link");
        if (command.Error == "access_denied" && provider.CallbackPath == command.Path)
            return new UpstreamArrival.Went(await refusals.DenyAsync(signIn, command.Visitor, OAuthError.AccessDenied(), now, ct));
        if (!(await callbacks.RedeemAsync(command, signIn, provider, ct)).Try(out var identity, out refusal))
            return new UpstreamArrival.Went(await refusals.FollowAsync(signIn, command, refusal, now, ct));
        var signedInAt = signIn.SignedInAt(identity.SignedInAt, now);
        if (await refusals.RefuseStaleAsync(signIn, command.Visitor, signedInAt, now, ct) is { } stale)
            return new UpstreamArrival.Went(stale);

        if (!(await accounts.SignInAsync(provider, identity, signIn.LinkTo, now, ct)).Try(out var arrived, out refusal))
            return refusal;
        act.Subject = arrived.Account.Subject;
        if (signIn.LinkTo is not null)
            return new UpstreamArrival.Went(new AuthorizeStep.Page(signIn.Then));
        act.Decision = arrived.NeedsCode ? AuditWords.Continued : null;
        return arrived.NeedsCode
            ? new UpstreamArrival.NeedsCode(arrived.Account, signIn.RequestId, signIn.Then)
            : new UpstreamArrival.SignedIn(arrived.Account, signedInAt, signIn.RequestId, signIn.Then);
    }
}
