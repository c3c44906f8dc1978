using MediatR;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>The provider's answer in the browser (RFC 6749 §4.1.2): who signed in there, and the token that tools can use.</summary>
/// <param name="Error">The provider's error code, which is logged and never shown.</param>
/// <param name="Issuer">The <c>iss</c> of RFC 9207.</param>
/// <param name="Path">Where it came to.</param>
/// <param name="Browser">Hash of the cookie that the browser was sent away with; null when it brings none.</param>
/// <param name="Subject">Who is signed in here; null for nobody.</param>
public sealed record FinishUpstreamSignInCommand(
    Secret? State,
    Secret? Code,
    string? Error,
    string? Issuer,
    string Path,
    TokenHash? Browser,
    string? Subject
) : IRequest<Result<UpstreamArrival>>;

/// <param name="Account">Who signed in; null when the user did not allow it at the provider.</param>
/// <param name="NeedsCode">Whether a second factor is asked for before that counts.</param>
/// <param name="RequestId">The authorization request that goes on.</param>
/// <param name="Then">The page that it leads to where no request goes on.</param>
/// <param name="IsLink">Whether the provider's account was linked to the one signed in.</param>
public sealed record UpstreamArrival(SignedInAccount? Account, bool NeedsCode, string? RequestId, string? Then, bool IsLink);

internal sealed class FinishUpstreamSignInHandler(
    IUpstreamSignIns signIns,
    IUpstreamProviders providers,
    IUpstreamAccounts accounts,
    OAuthSettings settings,
    TimeProvider time
) : IRequestHandler<FinishUpstreamSignInCommand, Result<UpstreamArrival>>
{
    public async Task<Result<UpstreamArrival>> Handle(FinishUpstreamSignInCommand command, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (command.State is null || await signIns.FindAsync(TokenHash.Of(command.State), ct) is not { } signIn)
            return UpstreamSignIn.Expired;
        if (signIn.Refuse(command.Browser, now) is { } refusal)
            return refusal;
        if (signIn.LinkTo is not null && signIn.LinkTo != command.Subject)
            return OAuthError.AccessDenied() with
            {
                Description = "You are not signed in as the one who began this.",
                Detail = "session changed while linking",
            };
        if (settings.FindProvider(signIn.Provider) is not { } provider || !await signIns.TryUseAsync(signIn.State, now, ct))
            return UpstreamSignIn.Expired;

        if (provider.CallbackPath != command.Path)
            return OAuthError.UpstreamFailed($"{provider.Name} was asked, and another provider's callback answered");
        if (command.Error == "access_denied")
            return new UpstreamArrival(null, false, signIn.RequestId, signIn.Then, signIn.LinkTo is not null);
        if (command.Error is { } error)
            return OAuthError.UpstreamFailed($"{provider.Name} sent the user back with {UpstreamSignIn.Printable(error)}");
        if (command.Code is null)
            return OAuthError.UpstreamFailed($"{provider.Name} sent the user back without a code");

        var code = new UpstreamCode(
            command.Code,
            signIn.CodeVerifier,
            signIn.Nonce,
            command.Issuer,
            settings.Issuer + provider.CallbackPath
        );
        if (!(await providers.RedeemAsync(provider, code, ct)).Try(out var identity, out var failure))
            return failure;
        if (provider.Rules.Refuse(identity.User) is { } notAdmitted)
            return notAdmitted;
        return (await accounts.SignInAsync(provider, identity, signIn.LinkTo, now, ct)).Try(out var arrived, out failure)
            ? new UpstreamArrival(arrived.Account, arrived.NeedsCode, signIn.RequestId, signIn.Then, signIn.LinkTo is not null)
            : failure;
    }
}
