using System.Globalization;
using System.Net;
using System.Text;

namespace OAuthMcp.Api.Pages;

/// <summary>
/// The <c>state</c> of an authorization request, form-urlencoded from its bytes. It has to go back byte for byte (RFC 6749 §4.1.2),
/// which decoding to text would not keep, and nothing in it can break out of the Location header.
/// </summary>
internal static class RawState
{
    public static string? Of(string? queryString)
    {
        foreach (var pair in (queryString ?? "").TrimStart('?').Split('&'))
        {
            var separator = pair.IndexOf('=', StringComparison.Ordinal);
            if (separator > 0 && WebUtility.UrlDecode(pair[..separator]) == "state" && separator < pair.Length - 1)
                return Encode(pair[(separator + 1)..]);
        }

        return null;
    }

    private static string Encode(string raw)
    {
        var bytes = Encoding.UTF8.GetBytes(raw);
        var encoded = new StringBuilder();
        foreach (var octet in WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length)!)
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
                encoded.Append((char)octet);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return encoded.ToString();
    }
}
