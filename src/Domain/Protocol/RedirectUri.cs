using System.Text.RegularExpressions;

namespace OAuthMcp.Domain.Protocol;

/// <summary>
/// What may be registered as a redirect_uri, and when a sent one equals a registered one. Works on the raw text:
/// a URI parser normalises, and each normalisation has been somebody's open redirect (RFC 9700 §4.1).
/// </summary>
internal static partial class RedirectUri
{
    /// <summary>Longest redirect_uri that is accepted, in characters.</summary>
    public const int MaxLength = 2048;

    /// <summary>Private-use schemes of known MCP clients; others must be reverse domain names (RFC 8252 §7.1).</summary>
    public static readonly IReadOnlyCollection<string> KnownSchemes = ["cursor", "vscode", "vscode-insiders", "windsurf", "zed", "kiro"];

    [GeneratedRegex("""^(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):(//(?<authority>[^/?]*))?(?<rest>[/?].*|[^/?].*)?\z""")]
    private static partial Regex Shape { get; }

    // \z and not $, which lets a line feed follow
    [GeneratedRegex("""^http://(?<host>localhost|127\.0\.0\.1|\[::1\])(:(?<port>[0-9]{1,5}))?(?<rest>([/?].*)?)\z""")]
    private static partial Regex Loopback { get; }

    private const string Label = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?";

    [GeneratedRegex("^(" + Label + @"(\." + Label + @")*|\[[0-9a-fA-F:.]+\])(:(?<port>[0-9]{1,5}))?\z")]
    private static partial Regex Authority { get; }

    // RFC 6749 §4.1.2, RFC 9207 §2. Many servers read names whatever their case.
    private static readonly HashSet<string> ResponseParameters = new(
        ["code", "state", "iss", "error", "error_description", "error_uri"],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Why <paramref name="uri"/> must not be registered, or null when it may.</summary>
    public static string? Refuse(string uri, IReadOnlyCollection<string> knownSchemes)
    {
        if (uri.Length is 0 or > MaxLength)
            return "empty or too long";
        if (UrlText.HasForeignCharacter(uri))
            return "a character that no URI has";
        if (uri.Contains('#'))
            return "a fragment"; // RFC 6749 §3.1.2
        if (uri.Contains('*'))
            return "a wildcard";
        if (Shape.Match(uri) is not { Success: true } parts)
            return "no absolute URI";
        var rest = parts.Groups["rest"].Value;
        if (UrlText.IsEvasive(rest))
            return "a dot segment or a broken escape";
        if (UrlText.ParameterNames(rest).Any(ResponseParameters.Contains))
            return "a parameter of the response in its query"; // each comes exactly once

        var scheme = parts.Groups["scheme"].Value.ToLowerInvariant();
        var authority = parts.Groups["authority"];
        if (authority.Value.Contains('@'))
            return "user information";
        if (scheme is "http")
            return IsLoopback(uri) ? null : "plain http to a host that is not loopback"; // RFC 8252 §8.3
        if (scheme is "https")
            return Authority.Match(authority.Value) is { Success: true } host && HasPort(host) ? null : "no valid host";
        if (!scheme.Contains('.') && !knownSchemes.Contains(scheme))
            return "a scheme that is neither known nor a reverse domain name";
        return rest.Length > 0 || authority.Length > 0 ? null : "nothing behind the scheme";
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
            && HasPort(asked)
            && known.Groups["host"].Value == asked.Groups["host"].Value
            && known.Groups["rest"].Value == asked.Groups["rest"].Value;
    }

    public static bool IsLoopback(string uri) => Loopback.Match(uri) is { Success: true } match && HasPort(match);

    private static bool HasPort(Match match) => match.Groups["port"] is not { Success: true } port || UrlText.IsPort(port.ValueSpan);

    /// <summary>The host a person should see, or the scheme where there is no host.</summary>
    public static string DisplayHost(string uri)
    {
        var parts = Shape.Match(uri);
        return parts.Groups["scheme"].Value.StartsWith("http", StringComparison.OrdinalIgnoreCase)
            ? parts.Groups["authority"].Value
            : $"{parts.Groups["scheme"].Value}:";
    }
}
