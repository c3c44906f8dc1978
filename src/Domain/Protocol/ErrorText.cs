namespace OAuthMcp.Domain.Protocol;

/// <summary>
/// A value from outside as it may stand in an <c>error_description</c>: short, and of the characters of RFC 6750 §3 alone, so that no
/// token can end the header or a line of the log.
/// </summary>
internal static class ErrorText
{
    private const int Longest = 200;

    public static string Of(string value)
    {
        var shown = new string([
            .. value.Take(Longest).Select(c => c is ' ' or '!' or (>= '#' and <= '[') or (>= ']' and <= '~') ? c : '?'),
        ]);
        return value.Length > Longest ? $"{shown}..." : shown;
    }

    /// <summary>To the second, as in the header <c>Date</c> of the answer, but of the form of RFC 3339.</summary>
    public static string Of(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}";
}
