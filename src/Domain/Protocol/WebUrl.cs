using System.Text.RegularExpressions;

namespace OAuthMcp.Domain.Protocol;

/// <summary>https URLs that come from strangers. They are read as text, since an attacker can use whatever a parser repairs.</summary>
internal static partial class WebUrl
{
    public const int MaxLength = 2048;

    [GeneratedRegex("""^https://(?<host>[A-Za-z0-9.-]{1,253})(:(?<port>[0-9]{1,5}))?(?<rest>(?<path>/[^?#]*)?(\?[^#]*)?)$""")]
    private static partial Regex Shape { get; }

    [GeneratedRegex("""^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$""")]
    private static partial Regex Label { get; }

    /// <summary>Whether it is an https URL with a public DNS name: what a link or a fetch may be made of.</summary>
    /// <param name="allowLoopback">Whether localhost and 127.0.0.1 will do, for development.</param>
    public static bool IsPublic(string url, bool allowLoopback = false) =>
        Match(url) is { } match && IsTaken(match.Groups["host"].Value, allowLoopback);

    /// <summary>
    /// Whether it can be a client_id that is a URL: https, a DNS name, a path, no query, fragment, user information or
    /// dot segment (client-id metadata document draft §3).
    /// </summary>
    /// <param name="allowLoopback">Whether localhost and 127.0.0.1 will do, for development.</param>
    public static bool IsClientId(string url, bool allowLoopback) =>
        Match(url) is { } match
        && !url.Contains('?')
        && match.Groups["path"].Length > 1
        && IsTaken(match.Groups["host"].Value, allowLoopback);

    public static string? Host(string url) => Match(url)?.Groups["host"].Value.ToLowerInvariant();

    private static bool IsTaken(string host, bool allowLoopback) =>
        IsPublicName(host) || (allowLoopback && host is "localhost" or "127.0.0.1");

    // The last label of a name is not a number, which rules out addresses in whatever base they are spelled.
    private static bool IsPublicName(string host) =>
        host.Split('.') is { Length: > 1 } labels
        && labels.All(Label.IsMatch)
        && labels[^1] is { } top
        && top.Any(char.IsAsciiLetter)
        && !top.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        && !top.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    private static Match? Match(string url) =>
        url.Length <= MaxLength
        && !UrlText.HasForeignCharacter(url)
        && Shape.Match(url) is { Success: true } match
        && !UrlText.IsEvasive(match.Groups["rest"].Value)
        && (match.Groups["port"] is not { Success: true } port || UrlText.IsPort(port.ValueSpan))
            ? match
            : null;
}
