namespace OAuthMcp.Application.Tokens;

/// <summary>The token is revoked, or was not live anyway (RFC 7009 §2.2).</summary>
internal sealed record Revoked;
