using System.Buffers.Text;
using System.Security.Cryptography;

namespace OAuthMcp.Domain.Protocol;

/// <summary>Public names of things: a prefix that tells the kind, then 144 random bits, base64url.</summary>
internal static class Identifier
{
    public static string New(string prefix) => $"{prefix}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18))}";
}
