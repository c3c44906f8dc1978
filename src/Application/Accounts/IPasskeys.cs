using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>The passkeys of accounts (WebAuthn level 3). A ceremony begins and ends here, within five minutes and once.</summary>
internal interface IPasskeys
{
    Task<IReadOnlyList<Passkey>> ListAsync(string subject, CancellationToken ct);

    Task<PasskeyCeremony> BeginAddingAsync(SignedInAccount account, CancellationToken ct);

    Task<Result<Passkey>> AddAsync(string subject, string? name, PasskeyAnswer answer, CancellationToken ct);

    /// <summary>Without effect on a passkey of another account.</summary>
    Task RemoveAsync(string subject, string id, CancellationToken ct);
}
