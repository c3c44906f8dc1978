using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>
/// Takes what a provider sent back with the browser. Nothing is asked of the provider before the answer is known to be for this
/// browser.
/// </summary>
internal sealed class UpstreamCallbacks(IUpstreamSignIns signIns, IUpstreamProviders providers, OAuthSettings settings)
{
    /// <summary>What the user was sent to the provider for. This ends it, so that no answer counts twice.</summary>
    public async Task<Result<UpstreamSignIn>> TakeAsync(FinishUpstreamSignInCommand command, DateTimeOffset now, CancellationToken ct)
    {
        if (command.State is null || await signIns.FindAsync(TokenHash.Of(command.State), ct) is not { } signIn)
            return UpstreamSignIn.Expired;
        if (signIn.Refuse(command.Browser, now) is { } refusal)
            return refusal;
        if (signIn.LinkTo is not null && signIn.LinkTo != command.Visitor.Subject)
            return OAuthError.AccessDenied() with
            {
                Description = "You are not signed in as the one who began this.",
                Detail = "session changed while linking",
            };
        return settings.FindProvider(signIn.Provider) is not null && await signIns.TryUseAsync(signIn.State, now, ct)
            ? signIn
            : UpstreamSignIn.Expired;
    }

    /// <summary>Who signed in there and may enter here; <c>access_denied</c> when the user did not allow it.</summary>
    public async Task<Result<UpstreamIdentity>> RedeemAsync(
        FinishUpstreamSignInCommand command,
        UpstreamSignIn signIn,
        UpstreamProvider provider,
        CancellationToken ct
    )
    {
        if (provider.CallbackPath != command.Path)
            return OAuthError.UpstreamFailed($"{provider.Name} was asked, and another provider's callback answered");
        if (command.Error is { } error && UpstreamSignIn.NeedsUser(error, null))
            return OAuthError.UpstreamSignInRequired($"{provider.Name} sent the user back with {error}");
        if (command.Error is { } other)
            return OAuthError.UpstreamFailed($"{provider.Name} sent the user back with {UpstreamSignIn.Printable(other)}");
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
        return provider.Rules.Refuse(identity.User) is { } notAdmitted ? notAdmitted : identity;
    }
}
