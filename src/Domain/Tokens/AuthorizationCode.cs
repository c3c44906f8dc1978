using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Tokens;

/// <summary>
/// An issued code, known by its hash (RFC 6749 §4.1.2). Spent codes are marked and kept, so that a replay still
/// finds the grant to revoke.
/// </summary>
internal sealed class AuthorizationCode
{
    public required TokenHash Hash { get; init; }
    public required string GrantId { get; init; }
    public required string ClientId { get; init; }
    public required string RedirectUri { get; init; }
    public required PkceChallenge CodeChallenge { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? RedeemedAt { get; init; }

    /// <summary>
    /// Why this client may not redeem it, or null. A spent code passes here: whether it is the first use is settled
    /// by the store, and only a replay that proves everything else may revoke the grant (OAuth 2.1 §4.1.3).
    /// </summary>
    public OAuthError? Refuse(Client client, string? redirectUri, Secret? codeVerifier, DateTimeOffset now)
    {
        if (ClientId != client.Id)
            return OAuthError.InvalidGrant("code was issued to another client");
        if (redirectUri is not null && redirectUri != RedirectUri)
            return OAuthError.InvalidGrant("redirect_uri differs from the authorization request");
        if (!CodeChallenge.IsProvenBy(codeVerifier))
            return OAuthError.InvalidGrant("code_verifier does not match");
        if (RedeemedAt is null && now >= ExpiresAt)
            return OAuthError.InvalidGrant("code has expired");
        return null;
    }
}
