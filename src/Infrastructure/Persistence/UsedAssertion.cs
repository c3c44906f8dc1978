namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>A client assertion that was accepted (RFC 7523 §3), by client and <c>jti</c>.</summary>
public sealed record UsedAssertion(string ClientId, string JwtId, DateTimeOffset ExpiresAt);
