namespace OAuthMcp.Infrastructure.Keys;

/// <summary>A signing key at rest.</summary>
/// <param name="KeyId">The <c>kid</c>: its JWK thumbprint (RFC 7638).</param>
/// <param name="Algorithm">ES256 or RS256.</param>
/// <param name="ProtectedPrivateKey">PKCS #8, sealed by Data Protection.</param>
public sealed record SigningKey(string KeyId, string Algorithm, string ProtectedPrivateKey, DateTimeOffset CreatedAt);
