using System.Text;

namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// Requests that no client should send: each takes a good shape and bends it. Well framed, so that the connection
/// lives on. The seed decides all of them.
/// </summary>
/// <param name="server">Scheme and authority of the server.</param>
/// <param name="session">The cookies of a browser that has signed in, and the anti-forgery token of its forms.</param>
internal sealed class FuzzGrammar(int seed, Uri server, string clientId, string accessToken, (string Cookies, string AntiForgery) session)
{
    public const string Elsewhere = "evil.example";

    private static readonly string[] Targets =
    [
        "/authorize",
        "/authorize",
        "/authorize",
        "/token",
        "/token",
        "/token",
        "/register",
        "/register",
        "/register/",
        "/revoke",
        "/introspect",
        "/mcp",
        "/mcp",
        "/mcp",
        "/mcp/",
        "/signin",
        "/signout",
        "/consent",
        "/connections",
        "/",
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/mcp",
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration",
        "/.well-known/jwks.json",
        "/.well-known/",
        "/health/live",
        "/health/ready",
        "/site.css",
        "/icon.svg",
        "/anything",
        "/nowhere",
        "/token/",
        "/TOKEN",
        "//evil.example/%2e%2e",
        "/mcp/../token",
        "/%00",
        "/%ff%fe",
        "/a%0d%0aX-Injected:%20yes",
        "/signin;x=1",
        "/..%2f..%2fetc/passwd",
        "/mcp/.well-known/x",
    ];

    private static readonly string[] Methods =
    [
        "GET",
        "GET",
        "GET",
        "POST",
        "POST",
        "POST",
        "POST",
        "PUT",
        "DELETE",
        "HEAD",
        "OPTIONS",
        "PATCH",
        "TRACE",
        "get",
        "BREW",
        "PROPFIND",
    ];

    private static readonly string[] Names =
    [
        "client_id",
        "client_id",
        "redirect_uri",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
        "code_challenge",
        "code_challenge_method",
        "resource",
        "prompt",
        "grant_type",
        "code",
        "code_verifier",
        "refresh_token",
        "token",
        "token_type_hint",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
        "request",
        "decision",
        "username",
        "password",
        "__RequestVerificationToken",
        "handler",
        "Client_Id",
        "a[]",
        "a.b",
        "",
        "__proto__",
        "%",
        "=",
        "request_uri",
        "response_mode",
        "access_token",
        "ReturnUrl",
        "area",
        "page",
    ];

    private static readonly string[] Evil =
    [
        "",
        " ",
        "%00",
        "a%00b",
        "\0",
        "%",
        "%zz",
        "%c0%af",
        "%ff%fe%fd",
        "\xff\xfe",
        "%ed%a0%80",
        "%u0041",
        "%25%32%35",
        "' OR '1'='1",
        "'; DROP TABLE clients;--",
        "\\",
        "${7*7}{{7*7}}",
        "<script>fuzz</script>",
        "%3Cscript%3Efuzz%3C/script%3E",
        "\"><img src=x onerror=fuzz>",
        "%22%3E%3Cscript%3Efuzz%3C%2Fscript%3E",
        "%0d%0aX-Injected:%20yes",
        "x%0aX-Injected:%20yes",
        "%E2%80%AE%E2%80%8B",
        "%F0%9F%92%A9",
        "%EF%BF%BE",
        "\u0130\u00df",
        "null",
        "true",
        "-1",
        "NaN",
        "1e999",
        "9223372036854775808",
        "0x10",
        "[]",
        "{}",
        "http://evil.example/",
        "//evil.example",
        "https://evil.example@localhost/",
        "http://127.0.0.1:7777@evil.example/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.1:99999/callback",
        "javascript:fuzz()",
        "data:text/html,fuzz",
        "http://[::1",
        "file:///etc/passwd",
        "http://127.0.0.1:7777/callback%23f",
        "http://127.0.0.1:7777/callback?x=1",
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:device_code",
        "eyJhbGciOiJub25lIn0.e30.",
        "a.b.c",
        "....",
        "offline_access",
        "mcp.read mcp.read",
        "mcp.write\tx",
        "select_account login",
        "none",
        "plain",
        "token id_token",
    ];

    private static readonly string[] ContentTypes =
    [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded",
        "application/json",
        "application/json",
        "application/json; charset=utf-16",
        "application/json; charset=nonsense",
        "APPLICATION/X-WWW-FORM-URLENCODED; charset=utf-7",
        "application/x-www-form-urlencoded; charset=iso-8859-1",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "text/plain",
        "text/html",
        "",
        ";",
        "a/b/c",
        "application/json;;",
        "*/*",
    ];

    private readonly Random random = new(seed);

    /// <summary>The bytes of the next request, one to a character.</summary>
    public string Next()
    {
        var method = Pick(Methods);
        var target = Pick(Targets);
        if (target == "/register/")
            target += Chance(2) ? clientId : Value("client_id").Replace(' ', '+').Replace("\0", "%00").Replace("\t", "%09");
        var query = Chance(target is "/authorize" or "/signin" or "/consent" ? 9 : 2, 10) ? "?" + Form() : "";
        if (query.Length > 7000)
            query = query[..7000];
        target = string.Concat((target + query).Select(c => c is ' ' or '\0' or '\t' or > '~' ? $"%{(int)c & 0xff:x2}" : c.ToString()));

        var isMcp = target.StartsWith("/mcp", StringComparison.Ordinal);
        var body =
            method is "POST" or "PUT" or "PATCH" || Chance(20)
                ? Body(isMcp || target.StartsWith("/register", StringComparison.Ordinal), isMcp)
                : null;
        var request = new StringBuilder($"{method} {target} HTTP/1.1\r\n").Append(
            null,
            $"Host: {(Chance(50) ? Pick(Elsewhere, "localhost:1", "127.0.0.1", "[::1]", "LOCALHOST", "localhost.", "a b", "") : server.Authority)}\r\n"
        );
        foreach (var header in Headers(isMcp))
            request.Append(header).Append("\r\n");
        if (body is null)
            return request.Append("\r\n").ToString();
        if (!Chance(10))
            return request.Append(null, $"Content-Length: {body.Length}\r\n\r\n{body}").ToString();
        return request
            .Append("Transfer-Encoding: chunked\r\n\r\n")
            .Append(body.Length == 0 ? "" : $"{body.Length:x}\r\n{body}\r\n")
            .Append("0\r\n\r\n")
            .ToString();
    }

    private IEnumerable<string> Headers(bool isMcp)
    {
        if (Chance(8, 10))
            yield return $"Content-Type: {(isMcp && Chance(2) ? "application/json" : Pick(ContentTypes))}";
        if (Chance(7, 10))
            yield return $"Accept: {Pick("application/json, text/event-stream", "application/json, text/event-stream", "text/html", "*/*", "", "text/html;q=x", ",,,", "application/json;q=0")}";
        if (isMcp ? Chance(8, 10) : Chance(5))
            yield return $"Authorization: {Authorization(isMcp)}";
        if (Chance(20))
            yield return $"Authorization: {Authorization(isMcp)}";
        if (Chance(3))
            yield return $"Cookie: {(Chance(2) ? session.Cookies : Pick("a", "=;=;", $"oauthmcp-session-{server.Port}=garbage", $"oauthmcp-browser-{server.Port}=", $"oauthmcp-csrf-{server.Port}=CfDJ8;oauthmcp-session-{server.Port}=\"", $"oauthmcp-session-{server.Port}=chunks-99999999", $"oauthmcp-session-{server.Port}=chunks-9;oauthmcp-session-{server.Port}C1=x", new string('c', 3000), "\xff=\xfe"))}";
        if (Chance(10))
            yield return $"Origin: {Pick("null", "http://evil.example", server.GetLeftPart(UriPartial.Authority), "", "://", "file://", "http://localhost:1")}";
        if (Chance(20))
            yield return $"X-Forwarded-{Pick("Host: evil.example", "Proto: https", "Proto: javascript", "For: 1.2.3.4", "For: ::::", "Prefix: //evil.example")}";
        if (Chance(20))
            yield return $"{Pick("Access-Control-Request-Method: GET", "Access-Control-Request-Headers: x,,\xff", "Content-Encoding: gzip", "Expect: 200-ok", "Range: bytes=9-1", "If-None-Match: *", "If-None-Match: \"", "X-HTTP-Method-Override: DELETE", "Accept-Language: ,;q=", $"X-Long: {new string('x', 20000)}")}";
        if (!isMcp)
            yield break;
        if (Chance(2))
            yield return $"MCP-Protocol-Version: {Pick("2026-07-28", "2026-07-28", "2025-11-25", "2025-03-26", "1999-01-01", "zzzz", "", "\xff", "2026-07-28, 2025-11-25")}";
        if (Chance(3))
            yield return $"Mcp-Method: {Pick("tools/call", "tools/list", "initialize", "server/discover", "", "\xff")}";
        if (Chance(3))
            yield return $"Mcp-Name: {Pick("who_am_i", "make_authenticated_request", "=?base64?d2hvX2FtX2k=?=", "=?base64?!!?=", "=?base64?=", "=?base64??=", "=?BASE64?/w==?=", "")}";
        if (Chance(5))
            yield return $"Mcp-Session-Id: {Pick("x", "", "\xff", new string('s', 5000), "../..")}";
        if (Chance(10))
            yield return $"Last-Event-ID: {Pick("", "0", "garbage", "\xff")}";
    }

    private string Authorization(bool isMcp) =>
        Chance(2) && isMcp
            ? $"Bearer {accessToken}"
            : Pick(
                "Bearer",
                "Bearer ",
                "bearer x",
                $"Bearer {accessToken[..^4]}AAAA",
                $"Bearer {accessToken}.",
                "Bearer eyJhbGciOiJub25lIn0.e30.",
                "Bearer a.b.c",
                "Bearer ....",
                $"Bearer {new string('b', 9000)}",
                "Bearer \xff\xfe",
                "Basic",
                "Basic ",
                "Basic !!!",
                "Basic Og==",
                "Basic Og",
                "Basic /////w==",
                $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes(clientId + ":wrong"))}",
                "Basic JTAwOiUwMA==",
                "Basic JXp6OiV6eg==",
                "Negotiate x",
                "DPoP x",
                "",
                ", ,",
                "Digest a=\""
            );

    private string Body(bool prefersJson, bool isMcp)
    {
        if (Chance(30))
            return Pick(
                "",
                "\0",
                "\xff\xfe",
                "{",
                "[",
                "\"",
                "--x\r\n\r\n--x--",
                new string('a', 20000),
                new string('[', 5000),
                string.Concat(Enumerable.Repeat("a=1&", 500)),
                "\u00ef\u00bb\u00bf{}"
            );
        return Chance(prefersJson ? 9 : 1, 10)
            ? isMcp
                ? Rpc()
                : Object(
                    0,
                    [
                        "redirect_uris",
                        "grant_types",
                        "response_types",
                        "token_endpoint_auth_method",
                        "client_name",
                        "scope",
                        "jwks",
                        "jwks_uri",
                        "client_uri",
                        "application_type",
                        "token_endpoint_auth_signing_alg",
                        "software_statement",
                    ]
                )
            : Form();
    }

    private string Form() =>
        string.Join(
            '&',
            Enumerable
                .Range(0, random.Next(1, 10))
                .Select(_ => Pick(Names))
                .SelectMany(name => Enumerable.Repeat(name, Chance(15) ? 2 : 1))
                .Select(name => Chance(25) ? name : $"{name}={Value(name)}")
        );

    // Good as often as bad, so that a bad value meets the checks behind the first one.
    private string Value(string name) =>
        Chance(2)
            ? name switch
            {
                "client_id" => clientId,
                "redirect_uri" => TestClient.RedirectUri,
                "response_type" => "code",
                "scope" => "mcp.read",
                "resource" => server.GetLeftPart(UriPartial.Authority) + "/mcp",
                "code_challenge" or "code_verifier" => new string('E', 43),
                "code_challenge_method" => "S256",
                "grant_type" => Pick("authorization_code", "refresh_token", "client_credentials"),
                "decision" => Pick("allow", "deny"),
                "token" => accessToken[..^2] + "xx",
                "__RequestVerificationToken" => session.AntiForgery,
                "client_assertion_type" => "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "password" => "", // a good form with a password costs a slow hash: the tests of the sign-in have those
                _ => Convert.ToHexString(BitConverter.GetBytes(random.NextInt64())),
            }
        : Chance(40) ? new string(Pick("A", "%", "/", "\xe4")[0], Chance(3) ? 9000 : 300)
        : Pick(Evil);

    private string Rpc()
    {
        var call = Object(0, ["jsonrpc", "id", "method", "params", "result", "error"]);
        return Chance(10) ? $"[{call},{call}]"
            : Chance(2) ? call
            : $$"""{"jsonrpc":"2.0","id":{{Json(2, [])}},"method":"{{Pick("tools/call", "tools/call", "tools/list", "initialize", "ping", "server/discover", "resources/read", "notifications/initialized", "notifications/cancelled", "logging/setLevel", "completion/complete", "", "x")}}","params":{{(Chance(3) ? Json(0, []) : Object(0, ["name", "name", "arguments", "protocolVersion", "capabilities", "clientInfo", "_meta", "cursor", "requestId"]))}}}""";
    }

    // The same member may come twice.
    private string Object(int depth, string[] names) =>
        $"{{{string.Join(',', Enumerable.Range(0, random.Next(6)).Select(_ => $"\"{(names.Length > 0 ? Pick(names) : Pick("a", "message", "progressToken", "name", "io.modelcontextprotocol/protocolVersion"))}\":{Json(depth + 1, names)}"))}}}";

    private string Json(int depth, string[] names) =>
        random.Next(depth > 4 ? 11 : 14) switch
        {
            0 => "null",
            1 => "true",
            2 => "-0",
            3 => "1e999",
            4 => "9223372036854775808",
            5 => "\"\\ud800\"",
            6 => "\"\\u0000\"",
            7 =>
                $"\"{Pick("2.0", "who_am_i", "make_authenticated_request", "tools/call", "2025-11-25", "none", "native", "client_secret_post", "private_key_jwt", "http://127.0.0.1:7777/callback", "<script>fuzz</script>")}\"",
            8 => $"\"{new string('j', Chance(10) ? 20000 : 200)}\"",
            9 => $"{new string('[', 70)}{new string(']', 70)}",
            10 => $"[\"{Pick("authorization_code", "code", TestClient.RedirectUri, "http://evil.example/", "javascript:fuzz()")}\"]",
            11 => $"[{Json(depth + 1, names)},{Json(depth + 1, names)}]",
            _ => Object(depth, names),
        };

    private bool Chance(int of) => random.Next(of) == 0;

    private bool Chance(int times, int of) => random.Next(of) < times;

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
