namespace OAuthMcp.Application.Tokens;

/// <summary>The token is dead, or never was alive (RFC 7009 §2.2).</summary>
public sealed record Revoked;
