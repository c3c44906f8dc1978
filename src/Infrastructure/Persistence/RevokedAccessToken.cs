namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>An access token that was revoked before it expired (RFC 7009), by its <c>jti</c>.</summary>
internal sealed record RevokedAccessToken(string JwtId, DateTimeOffset ExpiresAt);
