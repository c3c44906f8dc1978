using System.Text.RegularExpressions;

namespace OAuthMcp.Domain.Protocol;

/// <summary>
/// What may be registered as a redirect_uri, and when a sent one equals a registered one. Works on the raw text:
/// a URI parser normalises, and each normalisation has been somebody's open redirect (RFC 9700 §4.1).
/// </summary>
public static partial class RedirectUri
{
    /// <summary>Longest redirect_uri that is accepted, in characters.</summary>
    public const int MaxLength = 2048;

    /// <summary>Private-use schemes of known MCP clients; others must be reverse domain names (RFC 8252 §7.1).</summary>
    public static readonly IReadOnlyCollection<string> KnownSchemes = ["cursor", "vscode", "vscode-insiders", "windsurf", "zed", "kiro"];

    [GeneratedRegex("""^(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):(//(?<authority>[^/?]*))?(?<rest>[/?].*|[^/?].*)?\z""")]
    private static partial Regex Shape { get; }

    // not $, which lets a line feed follow
    [GeneratedRegex("""^http://(?<host>localhost|127\.0\.0\.1|\[::1\])(:(?<port>[0-9]{1,5}))?(?<rest>([/?].*)?)\z""")]
    private static partial Regex Loopback { get; }

    [GeneratedRegex(
        """^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?\z"""
    )]
    private static partial Regex Authority { get; }

    [GeneratedRegex("""(^|/)(\.|%2[eE]){1,2}(/|;|\?|$)|%(?![0-9a-fA-F]{2})|%0|%1|%5[cC]|%7[fF]""")]
    private static partial Regex Evasion { get; }

    [GeneratedRegex("""[?&](code|state|iss|error)(=|&|\z)""")]
    private static partial Regex ResponseParameter { get; }

    /// <summary>Why <paramref name="uri"/> must not be registered, or null when it may.</summary>
    public static string? Refuse(string uri, IReadOnlyCollection<string> knownSchemes)
    {
        if (uri.Length is 0 or > MaxLength)
            return "empty or too long";
        if (uri.Any(c => c is <= ' ' or > '~' or '"' or '<' or '>' or '\\' or '^' or '`' or '{' or '|' or '}'))
            return "a character that no URI has";
        if (uri.Contains('#'))
            return "a fragment"; // RFC 6749 §3.1.2
        if (uri.Contains('*'))
            return "a wildcard";
        if (Shape.Match(uri) is not { Success: true } parts)
            return "no absolute URI";
        if (ResponseParameter.IsMatch(parts.Groups["rest"].Value))
            return "a parameter of the response in its query"; // RFC 9207 §2: exactly one iss
        if (Evasion.IsMatch(parts.Groups["rest"].Value))
            return "a dot segment or a broken escape";

        var scheme = parts.Groups["scheme"].Value.ToLowerInvariant();
        var authority = parts.Groups["authority"];
        if (authority.Value.Contains('@'))
            return "user information";
        if (scheme is "http")
            return IsLoopback(uri) ? null : "plain http to a host that is not loopback"; // RFC 8252 §8.3
        if (scheme is "https")
            return Authority.IsMatch(authority.Value) ? null : "no valid host";
        if (!scheme.Contains('.') && !knownSchemes.Contains(scheme))
            return "a scheme that is neither known nor a reverse domain name";
        return parts.Groups["rest"].Length > 0 || authority.Length > 0 ? null : "nothing behind the scheme";
    }

    /// <summary>
    /// Simple string comparison; a registered loopback URI also matches with any other port, since native clients
    /// take one when they start (RFC 8252 §7.3).
    /// </summary>
    public static bool Matches(string registered, string sent)
    {
        if (string.Equals(registered, sent, StringComparison.Ordinal))
            return true;
        return Loopback.Match(registered) is { Success: true } known
            && Loopback.Match(sent) is { Success: true } asked
            && IsLoopback(sent)
            && known.Groups["host"].Value == asked.Groups["host"].Value
            && known.Groups["rest"].Value == asked.Groups["rest"].Value;
    }

    public static bool IsLoopback(string uri) =>
        Loopback.Match(uri) is { Success: true } match
        && (match.Groups["port"] is not { Success: true } port || int.Parse(port.ValueSpan, null) is > 0 and <= 65535);

    /// <summary>The host a person should see, or the scheme where there is no host.</summary>
    public static string DisplayHost(string uri)
    {
        var parts = Shape.Match(uri);
        return parts.Groups["scheme"].Value.StartsWith("http", StringComparison.OrdinalIgnoreCase)
            ? parts.Groups["authority"].Value
            : $"{parts.Groups["scheme"].Value}:";
    }
}
