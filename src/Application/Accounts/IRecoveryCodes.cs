using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>The recovery codes of accounts, as one set.</summary>
internal interface IRecoveryCodes
{
    /// <summary>Replaces all codes of the account. False when its second factor is off.</summary>
    Task<bool> TryReplaceAsync(string subject, IReadOnlyList<TokenHash> codes, CancellationToken ct);
}
