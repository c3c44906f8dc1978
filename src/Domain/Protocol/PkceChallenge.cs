using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OAuthMcp.Domain.Protocol;

/// <summary>
/// A proof key for code exchange, method S256 only: 43 to 128 unreserved characters, compared with
/// <c>BASE64URL(SHA256(verifier))</c> (RFC 7636 §4.2 and §4.6).
/// </summary>
internal sealed record PkceChallenge(string Value)
{
    /// <summary>Reads <c>code_challenge</c> and <c>code_challenge_method</c>; anything but S256 is <c>invalid_request</c>.</summary>
    public static Result<PkceChallenge> Parse(string? challenge, string? method)
    {
        if (challenge is null)
            return OAuthError.InvalidRequest("code_challenge is required.");
        if (method != "S256")
            return OAuthError.InvalidRequest("code_challenge_method must be S256.");
        if (!IsWellFormed(challenge))
            return OAuthError.InvalidRequest("code_challenge must be 43 to 128 unreserved characters.");
        return new PkceChallenge(challenge);
    }

    /// <summary>The challenge that goes out with a request of ours (RFC 7636 §4.2).</summary>
    public static PkceChallenge Of(Secret verifier) =>
        new(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier.Reveal()))));

    public bool IsProvenBy(Secret? verifier) =>
        verifier is not null
        && IsWellFormed(verifier.Reveal())
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Value), Encoding.ASCII.GetBytes(Of(verifier).Value));

    private static bool IsWellFormed(string text) =>
        text.Length is >= 43 and <= 128 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~');
}
