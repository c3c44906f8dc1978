using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;

namespace OAuthMcp.Domain.Clients;

/// <summary>
/// The public keys that a client signs with, as it sends or publishes them (RFC 7517 §5). Anybody can make this server verify with
/// such keys, so they are few, none is costly, and a signature names its key.
/// </summary>
internal static class ClientKeySet
{
    public const int MaxKeys = 5;
    private const int LeastRsaBits = 2048;
    private const int MostRsaBits = 4096;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    // RFC 7518 §6.2.2, §6.3.2, §6.4
    private static readonly string[] SecretMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <summary>Why the set must not be used, or null when it may. It never repeats what is in it.</summary>
    public static string? Refuse(string jwks)
    {
        try
        {
            using var document = JsonDocument.Parse(jwks, Strict);
            return Refuse(document.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            return "no JWK set"; // the second is for text that is not valid Unicode
        }
    }

    private static string? Refuse(JsonElement set)
    {
        if (
            set.ValueKind != JsonValueKind.Object
            || !set.TryGetProperty("keys", out var list)
            || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() == 0
        )
            return "no JWK set";
        JsonElement[] keys = [.. list.EnumerateArray()];
        if (keys.Length > MaxKeys)
            return $"{keys.Length} keys, where {MaxKeys} may be";
        if (keys.Select(RefuseKey).FirstOrDefault(reason => reason is not null) is { } refusal)
            return refusal;
        if (!keys.Any(key => Text(key, "kty") is "RSA" or "EC"))
            return "no RSA or EC key";
        // RFC 7517 §4.5: a signature names its key, or every key would have to be tried.
        return keys.Length == 1 || keys.Select(key => Text(key, "kid")).OfType<string>().Distinct().Count() == keys.Length
            ? null
            : "several keys of which each needs a kid of its own";
    }

    // RFC 7517 §5: a key of an unknown type is ignored, unless it holds a secret.
    private static string? RefuseKey(JsonElement key) =>
        key.ValueKind != JsonValueKind.Object ? "an entry that is no key"
        : Text(key, "kty") is "oct" || SecretMembers.Any(member => key.TryGetProperty(member, out _)) ? "a private or symmetric key"
        : Text(key, "kty") switch
        {
            "RSA" => RefuseRsa(Bytes(key, "n"), Bytes(key, "e")),
            "EC" => RefuseEc(Text(key, "crv"), Bytes(key, "x"), Bytes(key, "y")),
            _ => null,
        };

    private static string? RefuseRsa(byte[]? modulus, byte[]? exponent)
    {
        if (modulus is null || exponent is not { Length: > 0 and <= 8 })
            return "an RSA key without a usable n and e";
        var bits = new BigInteger(modulus, isUnsigned: true, isBigEndian: true).GetBitLength();
        return bits is < LeastRsaBits or > MostRsaBits ? $"an RSA key of {bits} bits, where {LeastRsaBits} to {MostRsaBits} may be"
            : new BigInteger(exponent, isUnsigned: true, isBigEndian: true) is { IsEven: false } e && e >= 3 && e <= uint.MaxValue ? null
            : "an RSA key without a usable n and e";
    }

    private static string? RefuseEc(string? curve, byte[]? x, byte[]? y)
    {
        if (
            curve switch
            {
                "P-256" => ECCurve.NamedCurves.nistP256,
                "P-384" => ECCurve.NamedCurves.nistP384,
                "P-521" => ECCurve.NamedCurves.nistP521,
                _ => default(ECCurve?),
            }
            is not { } named
        )
            return "an EC key of an unknown curve";
        try
        {
            var point = new ECPoint { X = x, Y = y };
            using var key = ECDsa.Create(new ECParameters { Curve = named, Q = point });
            return null;
        }
        catch (CryptographicException)
        {
            return "an EC key whose point is not on its curve";
        }
    }

    private static byte[]? Bytes(JsonElement key, string member) =>
        Text(key, member) is { } text && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;

    private static string? Text(JsonElement key, string member) =>
        key.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
