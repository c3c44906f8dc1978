using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OAuthMcp.Domain.Protocol;

/// <summary>
/// The SHA-256 of a random secret in base64url, which stores hold instead of the secret. A slow hash would add nothing to 256
/// random bits.
/// </summary>
internal sealed record TokenHash(string Value)
{
    public static TokenHash Of(Secret secret) => new(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal()))));

    /// <summary>Whether <paramref name="secret"/> is the one that was hashed, in constant time.</summary>
    public bool Matches(Secret secret) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Value), Encoding.ASCII.GetBytes(Of(secret).Value));
}
