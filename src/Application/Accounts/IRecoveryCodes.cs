using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>The recovery codes of accounts, as one set.</summary>
public interface IRecoveryCodes
{
    /// <summary>Puts these in the place of all that were there. False when the account's second factor is off.</summary>
    Task<bool> TryReplaceAsync(string subject, IReadOnlyList<TokenHash> codes, CancellationToken ct);
}
