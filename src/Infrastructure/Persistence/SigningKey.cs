namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>A signing key at rest.</summary>
/// <param name="KeyId">The <c>kid</c>: its JWK thumbprint (RFC 7638).</param>
/// <param name="Algorithm">ES256 or RS256.</param>
/// <param name="ProtectedPrivateKey">PKCS #8, sealed by Data Protection.</param>
/// <param name="ActiveFrom">When it begins to sign; before that it is published alone, so that nobody meets it unprepared.</param>
public sealed record SigningKey(
    string KeyId,
    string Algorithm,
    string ProtectedPrivateKey,
    DateTimeOffset CreatedAt,
    DateTimeOffset ActiveFrom
);
