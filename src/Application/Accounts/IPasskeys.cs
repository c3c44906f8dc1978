using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>The passkeys of accounts (WebAuthn level 3). Each ceremony begins here and ends here, within five minutes and once.</summary>
public interface IPasskeys
{
    Task<IReadOnlyList<Passkey>> ListAsync(string subject, CancellationToken ct);

    Task<PasskeyCeremony> BeginAddingAsync(SignedInAccount account, CancellationToken ct);

    Task<Result<Passkey>> AddAsync(string subject, string? name, PasskeyAnswer answer, CancellationToken ct);

    /// <summary>Without effect on a passkey that is none of the account's.</summary>
    Task RemoveAsync(string subject, string id, CancellationToken ct);
}

/// <summary>Sign-in by passkey: the authenticator says who it is, after it has verified its owner.</summary>
public interface IPasskeySignIn
{
    Task<PasskeyCeremony> BeginAsync(CancellationToken ct);

    Task<SignInOutcome> FinishAsync(PasskeyAnswer answer, CancellationToken ct);
}

/// <param name="Id">Base64url.</param>
public sealed record Passkey(string Id, string? Name, DateTimeOffset CreatedAt);

/// <param name="Options">What the browser hands to the authenticator, as JSON.</param>
/// <param name="State">Comes back with the answer, sealed.</param>
public sealed record PasskeyCeremony(string Options, Secret State);

/// <param name="Credential">What the authenticator answered, as JSON.</param>
public sealed record PasskeyAnswer(Secret Credential, Secret State);
