namespace OAuthMcp.Domain.Protocol;

/// <summary>
/// The text of a signed JWT (RFC 7515 §7.1). Libraries forgive padding and stray bits, which gives one token several texts; here it
/// has one, so that a token can be remembered by its text.
/// </summary>
internal static class CompactJwt
{
    /// <summary>Whether it is three parts of base64url without padding, each the one spelling of its bytes (RFC 4648 §3.5).</summary>
    public static bool IsStrict(string text) => text.Split('.') is { Length: 3 } parts && parts.All(IsBase64Url);

    private static bool IsBase64Url(string part) =>
        part.Length > 0
        && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        && (part.Length % 4) switch
        {
            0 => true,
            2 => ValueOf(part[^1]) % 16 == 0,
            3 => ValueOf(part[^1]) % 4 == 0,
            _ => false,
        };

    private static int ValueOf(char digit) =>
        digit switch
        {
            >= 'A' and <= 'Z' => digit - 'A',
            >= 'a' and <= 'z' => digit - 'a' + 26,
            >= '0' and <= '9' => digit - '0' + 52,
            '-' => 62,
            _ => 63,
        };
}
