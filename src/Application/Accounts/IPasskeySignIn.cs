namespace OAuthMcp.Application.Accounts;

/// <summary>Sign-in by passkey: the authenticator says who it is, after it has verified its owner.</summary>
internal interface IPasskeySignIn
{
    Task<PasskeyCeremony> BeginAsync(CancellationToken ct);

    Task<SignInOutcome> FinishAsync(PasskeyAnswer answer, CancellationToken ct);
}
