using System.Text.RegularExpressions;

namespace OAuthMcp.Domain.Protocol;

/// <summary>
/// What no URL of a stranger may hold, because two programs would read two different URLs. It is judged by the decoded text,
/// however that is spelled.
/// </summary>
internal static partial class UrlText
{
    private static readonly char[] QueryMarks = ['&', ';', '?'];

    [GeneratedRegex("%(?![0-9a-fA-F]{2})")]
    private static partial Regex BrokenEscape { get; }

    // RFC 3986 §2: no URI has other characters, and parsers that repair them disagree.
    public static bool HasForeignCharacter(string url) =>
        url.Any(c => c is <= ' ' or > '~' or '"' or '<' or '>' or '\\' or '^' or '`' or '{' or '|' or '}');

    /// <param name="rest">What follows scheme and host.</param>
    /// <returns>Whether it has a dot segment, a control character or a backslash, written plainly or escaped, or a broken escape.</returns>
    public static bool IsEvasive(string rest)
    {
        if (BrokenEscape.IsMatch(rest))
            return true;
        var decoded = Uri.UnescapeDataString(rest);
        return decoded.Any(c => char.IsControl(c) || c == '\\')
            || decoded.Split('/').Any(segment => segment.Split(';', '?')[0] is "." or "..");
    }

    /// <summary>The names of the parameters in a query, decoded as a server that reads them does.</summary>
    public static IEnumerable<string> ParameterNames(string rest) =>
        rest.IndexOf('?', StringComparison.Ordinal) is >= 0 and var start
            ? rest[(start + 1)..]
                .Split(QueryMarks)
                .Select(parameter => Uri.UnescapeDataString(parameter.Split('=')[0].Replace('+', ' ')).Trim())
            : [];

    /// <summary>Whether the digits are a port as everybody writes it: 1 to 65535, without a zero in front.</summary>
    public static bool IsPort(ReadOnlySpan<char> digits) => digits is not ['0', ..] && ushort.TryParse(digits, null, out _);
}
