using System.Text.RegularExpressions;

namespace OAuthMcp.Integration.Fuzzing;

/// <summary>Where requests go: every route that the server has, and places that it has not.</summary>
/// <param name="routes">The patterns of the routes.</param>
internal sealed partial class FuzzTargets(FuzzDice dice, IReadOnlyList<string> routes, string clientId)
{
    // These decide most, and read most of what comes.
    private static readonly string[] Favourites = ["/authorize", "/token", "/register", "/mcp", "/mcp", "/consent"];

    private static readonly string[] Nowhere =
    [
        "/nowhere",
        "/token/",
        "/TOKEN",
        "/mcp/",
        "/register/",
        "/.well-known/",
        $"//{FuzzWords.Elsewhere}/%2e%2e",
        "/mcp/../token",
        "/%00",
        "/%ff%fe",
        "/a%0d%0aX-Injected:%20yes",
        "/signin;x=1",
        "/..%2f..%2fetc/passwd",
        "/mcp/.well-known/x",
        "/account/nothing",
        "/connections?handler=Unlink",
        "/connections?handler=%ff",
    ];

    private static readonly string[] Methods = "PUT DELETE HEAD OPTIONS PATCH TRACE get BREW PROPFIND".Split(' ');

    public string Method(string path) =>
        dice.Chance(5) ? dice.Pick(Methods)
        : path.StartsWith("/authorize", StringComparison.Ordinal) || path.StartsWith("/.well-known", StringComparison.Ordinal)
            ? dice.Pick("GET", "GET", "POST")
        : path.StartsWith("/register/", StringComparison.Ordinal) ? dice.Pick("GET", "PUT", "DELETE")
        : dice.Pick("GET", "POST", "POST");

    public string Path() =>
        dice.Chance(4) ? dice.Pick(Favourites)
        : dice.Chance(6) ? dice.Pick(Nowhere)
        : Parameter().Replace(dice.Pick([.. routes]), _ => dice.Pick(clientId, "github", dice.Pick(FuzzWords.Values)));

    /// <summary>As it can stand in the first line of a request.</summary>
    public static string Line(string target) =>
        string.Concat(target.Select(c => c is ' ' or '\0' or '\t' or > '~' ? $"%{(int)c & 0xff:x2}" : c.ToString()));

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
