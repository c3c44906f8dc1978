using System.Text;

namespace OAuthMcp.Integration.Fuzzing;

/// <summary>Headers, each good, odd or missing; those that frame a request are left to it.</summary>
internal sealed class FuzzHeaders(FuzzDice dice, Uri server, string clientId, string accessToken)
{
    // Whatever this server or the framework below it reads.
    private static readonly string[] Names =
    [
        .. "Accept Accept-Language Accept-Encoding Accept-Charset Authorization Cookie Content-Type Host Origin Referer".Split(' '),
        .. "User-Agent Sec-Fetch-Site Sec-Fetch-Mode Forwarded X-Forwarded-For X-Forwarded-Proto X-Forwarded-Host".Split(' '),
        .. "Content-Encoding Content-Language If-None-Match If-Modified-Since Range Expect TE Via Date Pragma DPoP".Split(' '),
        .. "Access-Control-Request-Method Access-Control-Request-Headers X-HTTP-Method-Override X-Request-Id".Split(' '),
        .. "traceparent tracestate baggage Correlation-Context Request-Id RequestVerificationToken".Split(' '),
        .. "Mcp-Name Mcp-Method Mcp-Session-Id MCP-Protocol-Version Last-Event-ID Mcp-Param-message Mcp-Param-x".Split(' '),
    ];

    // Nobody brings a cookie there but by mistake.
    private static readonly string[] ForClients = ["/mcp", "/token", "/register", "/revoke", "/introspect", "/anything"];

    private static readonly string[] Accepts =
    [
        "application/json, text/event-stream",
        "application/json, text/event-stream",
        "text/html",
        "text/html",
        "*/*",
        "",
        "text/html;q=x",
        ",,,",
        "application/json;q=0",
    ];

    private static readonly string[] Others =
    [
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Proto: javascript",
        "X-Forwarded-For: ::::",
        "X-Forwarded-Prefix: //evil.example",
        "Access-Control-Request-Method: GET",
        "Access-Control-Request-Headers: x,,\xff",
        "Content-Encoding: gzip",
        "Expect: 200-ok",
        "Range: bytes=9-1",
        "If-None-Match: *",
        "If-None-Match: \"",
        "X-HTTP-Method-Override: DELETE",
        "Accept-Language: ,;q=",
        "Accept-Language: de;q=0.8, *;q=nan, \xe4\xf6",
        "traceparent: 00-00000000000000000000000000000000-0000000000000000-00",
        $"X-Long: {new string('x', 20_000)}",
        "X-Folded: a\r\n b",
        "X\xff: name",
        "A B: c",
        ": nameless",
        "no colon",
    ];

    private static readonly string[] Revisions = ["2026-07-28", "2026-07-28", "2025-11-25", "2025-03-26", "1999-01-01", "", "a, b"];
    private static readonly string[] Messages = ["tools/call", "tools/list", "initialize", "server/discover", "", "TOOLS/CALL"];
    private static readonly string[] Tools =
    [
        "who_am_i",
        "make_authenticated_request",
        "=?base64?d2hvX2FtX2k=?=",
        "=?base64?!!?=",
        "=?base64?=",
        "=?base64??=",
        "=?BASE64?/w==?=",
        "",
    ];

    /// <summary>The cookies of the browser.</summary>
    public required Func<string> Cookies { get; init; }

    public string Host =>
        dice.Chance(50)
            ? dice.Pick(FuzzWords.Elsewhere, "localhost:1", "127.0.0.1", "[::1]", "LOCALHOST", "localhost.", "a b", "", Odd())
            : server.Authority;

    public IEnumerable<string> All(string path)
    {
        var isMcp = path.StartsWith("/mcp", StringComparison.Ordinal);
        if (dice.Chance(7, 10))
            yield return $"Accept: {dice.Pick(Accepts)}";
        if (isMcp ? dice.Chance(8, 10) : dice.Chance(8))
            yield return $"Authorization: {Authorization(isMcp)}";
        if (dice.Chance(20))
            yield return $"Authorization: {Authorization(isMcp)}";
        if (ForClients.Contains(path) ? dice.Chance(10) : dice.Chance(3, 4))
            yield return $"Cookie: {Cookie()}";
        if (dice.Chance(10))
            yield return $"Origin: {Origin()}";
        if (dice.Chance(10))
            yield return dice.Pick(Others);
        if (dice.Chance(6))
            yield return $"{dice.Pick(Names)}: {Odd()}";
        if (isMcp)
            foreach (var header in Mcp())
                yield return header;
    }

    private IEnumerable<string> Mcp()
    {
        if (dice.Chance(2))
            yield return $"MCP-Protocol-Version: {Or(Revisions)}";
        if (dice.Chance(3))
            yield return $"Mcp-Method: {Or(Messages)}";
        if (dice.Chance(3))
            yield return $"Mcp-Name: {Or(Tools)}";
        if (dice.Chance(8))
            yield return $"Mcp-Param-{dice.Pick("message", "Message", "x", "", "a.b", "\xe4")}: {Or(Tools)}";
        if (dice.Chance(5))
            yield return $"Mcp-Session-Id: {Or("x", "", new string('s', 5000), "../..")}";
        if (dice.Chance(10))
            yield return $"Last-Event-ID: {Or("", "0", "garbage", "-1")}";
    }

    private string Or(params string[] usual) => dice.Chance(6) ? Odd() : dice.Pick(usual);

    private string Odd() =>
        $"{dice.Pick("", "", "a", "de", "text/html", "Bearer ", "a=")}{dice.Pick(FuzzWords.Bytes)}{dice.Pick("", "", "b", ";q=1", "/x")}";

    private string Origin() =>
        dice.Pick(
            "null",
            $"http://{FuzzWords.Elsewhere}",
            server.GetLeftPart(UriPartial.Authority),
            "",
            "://",
            "file://",
            "http://localhost:1"
        );

    private string Cookie()
    {
        string Named(string name, string value) => $"oauthmcp-{name}-{server.Port}={value}";
        return dice.Chance(4, 5)
            ? Cookies()
            : dice.Pick(
                "a",
                "=;=;",
                Named("session", "garbage"),
                Named("session", "\xff\xfe"),
                Named("browser", ""),
                Named("browser", "\xc3\xbc\t"),
                $"{Named("csrf", "CfDJ8")};{Named("session", "\"")}",
                Named("session", "chunks-99999999"),
                $"{Named("session", "chunks-9")};{Named("sessionC1", "x")}",
                $"{Named("device", "CfDJ8\xe4")};{Named("firststep", "%00")}",
                $"{Cookies()}; {Cookies()}",
                new string('c', 3000),
                "\xff=\xfe"
            );
    }

    private string Authorization(bool isMcp) =>
        dice.Chance(2) && isMcp
            ? $"Bearer {accessToken}"
            : dice.Pick(
                "Bearer",
                "Bearer ",
                "bearer x",
                $"Bearer {accessToken[..^4]}AAAA",
                $"Bearer {accessToken}.",
                "Bearer eyJhbGciOiJub25lIn0.e30.",
                "Bearer a.b.c",
                "Bearer ....",
                $"Bearer {new string('b', 9000)}",
                $"Bearer {dice.Pick(FuzzWords.Bytes)}",
                "Basic",
                "Basic ",
                "Basic !!!",
                "Basic Og==",
                "Basic Og",
                "Basic /////w==",
                $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes(clientId + ":wrong"))}",
                "Basic JTAwOiUwMA==",
                "Basic JXp6OiV6eg==",
                $"Basic {dice.Pick(FuzzWords.Bytes)}",
                "Negotiate x",
                "DPoP x",
                "",
                ", ,",
                "Digest a=\""
            );
}
