using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Tokens;

/// <summary>
/// What one user allowed one client: the family of its code, refresh tokens and access tokens, which are refused all at once when
/// it is revoked. This folder owns codes, grants and refresh tokens; what an access token looks like is the application's.
/// </summary>
internal sealed class Grant
{
    public required string Id { get; init; }
    public required string Subject { get; init; }
    public required string ClientId { get; init; }
    public required ScopeSet Scope { get; init; }
    public required string Resource { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The absolute end: no refresh reaches beyond it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public OAuthError? Refuse(DateTimeOffset now)
    {
        if (RevokedAt is not null)
            return OAuthError.InvalidGrant("grant is revoked");
        return now >= ExpiresAt ? OAuthError.InvalidGrant("grant has reached its absolute end") : null;
    }
}
