using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Fuzzing;

/// <summary>JSON that is well formed as far as it goes: messages of MCP, metadata of clients, and values of any shape.</summary>
internal sealed class FuzzJson(FuzzDice dice)
{
    private static readonly string[] Metadata =
    [
        .. "redirect_uris grant_types response_types token_endpoint_auth_method client_name scope jwks jwks_uri client_uri".Split(' '),
        .. "application_type token_endpoint_auth_signing_alg software_statement".Split(' '),
    ];

    private static readonly string[] Envelope = ["jsonrpc", "id", "method", "params", "result", "error"];

    private static readonly string[] Parameters =
    [
        .. "name name arguments protocolVersion capabilities clientInfo _meta cursor requestId".Split(' '),
    ];

    private static readonly string[] Members = ["a", "message", "progressToken", "name", "io.modelcontextprotocol/protocolVersion"];

    private static readonly string[] Methods =
    [
        .. "tools/call tools/call tools/list initialize ping server/discover resources/read notifications/initialized".Split(' '),
        .. "notifications/cancelled logging/setLevel completion/complete x".Split(' '),
        "",
    ];

    private static readonly string[] Texts =
    [
        .. "2.0 who_am_i make_authenticated_request tools/call 2025-11-25 none native client_secret_post private_key_jwt".Split(' '),
        TestClient.RedirectUri,
        "<script>fuzz</script>",
    ];

    /// <summary>A client that wants to be registered.</summary>
    public string Client() => Object(0, Metadata);

    /// <summary>A message or two.</summary>
    public string Rpc()
    {
        var call = Object(0, Envelope);
        return dice.Chance(10) ? $"[{call},{call}]"
            : dice.Chance(2) ? call
            : $$"""{"jsonrpc":"2.0","id":{{Value(2, Members)}},"method":"{{dice.Pick(Methods)}}","params":{{Arguments()}}}""";
    }

    private string Arguments() => dice.Chance(3) ? Value(0, Members) : Object(0, Parameters);

    // The same member may come twice.
    private string Object(int depth, string[] names) =>
        $"{{{string.Join(',', Enumerable.Range(0, dice.Below(6)).Select(_ => $"\"{dice.Pick(names)}\":{Value(depth + 1, names)}"))}}}";

    private string Value(int depth, string[] names) =>
        dice.Below(depth > 4 ? 11 : 14) switch
        {
            0 => "null",
            1 => "true",
            2 => "-0",
            3 => "1e999",
            4 => "9223372036854775808",
            5 => "\"\\ud800\"",
            6 => "\"\\u0000\"",
            7 => $"\"{dice.Pick(Texts)}\"",
            8 => $"\"{new string('j', dice.Chance(10) ? 20_000 : 200)}\"",
            9 => $"{new string('[', 70)}{new string(']', 70)}",
            10 => $"[\"{dice.Pick("authorization_code", "code", TestClient.RedirectUri, "http://evil.example/", "javascript:fuzz()")}\"]",
            11 => $"[{Value(depth + 1, names)},{Value(depth + 1, names)}]",
            _ => Object(depth, names),
        };
}
