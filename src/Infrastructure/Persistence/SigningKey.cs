using OAuthMcp.Domain.Keys;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>A signing key at rest.</summary>
/// <param name="KeyId">The <c>kid</c>: its JWK thumbprint (RFC 7638).</param>
/// <param name="Algorithm">ES256 or RS256.</param>
/// <param name="ProtectedPrivateKey">PKCS #8, sealed by Data Protection; <see cref="Destroyed"/> once it was revoked.</param>
/// <param name="ActiveFrom">When it begins to sign.</param>
internal sealed record SigningKey(
    string KeyId,
    string Algorithm,
    string ProtectedPrivateKey,
    DateTimeOffset CreatedAt,
    DateTimeOffset ActiveFrom
)
{
    /// <summary>What stands in place of a destroyed private key.</summary>
    public const string Destroyed = "";

    internal KeyTimes Times => new(KeyId, Algorithm, ActiveFrom, ProtectedPrivateKey == Destroyed);
}
