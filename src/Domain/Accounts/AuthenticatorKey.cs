using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Accounts;

/// <summary>
/// A key shared with an authenticator app, and the codes that both make of it: HMAC-SHA-1, six digits, 30 seconds, as every such
/// app can (RFC 6238). This folder owns what passwords and second factors are, not who has them.
/// </summary>
internal sealed class AuthenticatorKey
{
    private const int StepSeconds = 30;
    private const int Digits = 6;
    private const int Length = 20; // RFC 4226 §4, R6
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; // RFC 4648 §6

    private readonly byte[] key;

    private AuthenticatorKey(byte[] key) => this.key = key;

    public static AuthenticatorKey Generate() => new(RandomNumberGenerator.GetBytes(Length));

    /// <param name="text">As <see cref="Text"/> gave it.</param>
    public static AuthenticatorKey Parse(Secret text)
    {
        var (key, bits, count) = (new List<byte>(), 0, 0);
        foreach (var c in text.Reveal())
        {
            (bits, count) = ((bits << 5) | Base32.IndexOf(c, StringComparison.Ordinal), count + 5);
            if (count < 8)
                continue;
            count -= 8;
            key.Add((byte)(bits >> count));
            bits &= (1 << count) - 1;
        }

        return new AuthenticatorKey([.. key]);
    }

    /// <summary>For a person to type, in base32.</summary>
    public Secret Text()
    {
        var (text, bits, count) = (new StringBuilder(), 0, 0);
        foreach (var octet in key)
        {
            (bits, count) = ((bits << 8) | octet, count + 8);
            for (; count >= 5; count -= 5)
                text.Append(Base32[(bits >> (count - 5)) & 31]);
            bits &= (1 << count) - 1;
        }

        return new Secret(text.ToString());
    }

    /// <summary>For a camera: the key URI that authenticator apps read.</summary>
    public Secret Uri(string issuer, string userName)
    {
        var (server, user) = (System.Uri.EscapeDataString(issuer), System.Uri.EscapeDataString(userName));
        return new($"otpauth://totp/{server}:{user}?secret={Text().Reveal()}&issuer={server}");
    }

    /// <summary>The time step of this code, or null when it is wrong. One step early or late is forgiven (RFC 6238 §5.2).</summary>
    public long? FindStep(string code, DateTimeOffset now)
    {
        var current = now.ToUnixTimeSeconds() / StepSeconds;
        long? found = null;
        for (var step = current - 1; step <= current + 1; step++)
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CodeOf(step)), Encoding.UTF8.GetBytes(code)))
                found = step;
        return found;
    }

    /// <summary>The code that the app shows at that time.</summary>
    public string CodeAt(DateTimeOffset time) => CodeOf(time.ToUnixTimeSeconds() / StepSeconds);

    private string CodeOf(long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)],
            hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // RFC 6238 §1.2: the apps know no other, and its collisions do not matter to HMAC
        HMACSHA1.HashData(key, counter, hash);
#pragma warning restore CA5350
        var offset = hash[^1] & 15; // RFC 4226 §5.3
        return ((BinaryPrimitives.ReadInt32BigEndian(hash[offset..]) & int.MaxValue) % 1_000_000).ToString(
            $"D{Digits}",
            CultureInfo.InvariantCulture
        );
    }
}
