namespace OAuthMcp.Application.Keys;

/// <summary>A signing key as an operator sees it.</summary>
/// <param name="VerifiesUntil">Null while it has no successor.</param>
internal sealed record ListedKey(string KeyId, string Algorithm, DateTimeOffset ActiveFrom, DateTimeOffset? VerifiesUntil, bool IsRevoked);
