using System.Text.Json.Nodes;
using OAuthMcp.Client;

// What the official suite starts: it maps a scenario to arguments of the sample client, and is the person who says yes.
// The suite gives the server's URL as the last argument, and the rest in the environment.
var scenario = Environment.GetEnvironmentVariable("MCP_CONFORMANCE_SCENARIO")!;
var context = JsonNode.Parse(Environment.GetEnvironmentVariable("MCP_CONFORMANCE_CONTEXT") ?? "{}")!;
Console.SetIn(new StringReader(new string('\n', 100))); // whoever is asked takes the default
var data = Directory.CreateTempSubdirectory("oauthmcp-conformance-");
try
{
    string[] given =
    [
        args[^1],
        "--data-directory",
        data.FullName,
        "--client-metadata-url",
        "https://conformance-test.local/client-metadata.json",
        "--protocol-version",
        Environment.GetEnvironmentVariable("MCP_CONFORMANCE_PROTOCOL_VERSION")!,
        .. Credentials(),
    ];
    var exitCode = 0;
    foreach (var work in Work())
        exitCode |= await CommandLine.RunAsync([.. given, .. work], Follow);
    return exitCode;
}
finally
{
    data.Delete(recursive: true);
}

IEnumerable<string> Credentials()
{
    if ((string?)context["client_id"] is not { } id)
        return [];
    var machine = scenario.StartsWith("auth/client-credentials", StringComparison.Ordinal) ? new[] { "--client-credentials" } : [];
    if ((string?)context["private_key_pem"] is not { } pem)
        return [.. machine, "--client_id", id, "--client_secret", (string)context["client_secret"]!];
    var key = Path.Combine(data.FullName, "key.pem");
    File.WriteAllText(key, pem);
    return [.. machine, "--client_id", id, "--private-key", key];
}

string[][] Work() =>
    scenario switch
    {
        "tools_call" =>
        [
            ["call", "add_numbers", "--arg", "a=5", "--arg", "b=10"],
        ],
        "auth/scope-step-up" =>
        [
            ["call", "test-tool"],
        ],
        "elicitation-sep1034-client-defaults" =>
        [
            ["call", "test_client_elicitation_defaults"],
        ],
        "sse-retry" =>
        [
            ["call", "test_reconnection"],
        ],
        "http-invalid-tool-headers" =>
        [
            ["call", "valid_tool", "--arg", "region=us-east1"],
        ],
        "http-standard-headers" =>
        [
            ["call", "test_headers"],
        ],
        "http-custom-headers" =>
        [
            .. context["toolCalls"]!
                .AsArray()
                .Select(call => (string[])["call", (string)call!["name"]!, .. call["arguments"]!.AsObject().SelectMany(Argument)]),
        ],
        "sep-2322-client-request-state" =>
        [
            ["call", "test_mrtr_echo_state"],
            ["call", "test_mrtr_unrelated"],
            ["call", "test_mrtr_no_state"],
            ["call", "test_mrtr_no_result_type"],
        ],
        _ =>
        [
            [],
        ], // lists the tools
    };

static string[] Argument(KeyValuePair<string, JsonNode?> argument) =>
    [
        "--arg",
        $"{argument.Key}={(argument.Value is JsonValue value && value.TryGetValue<string>(out var text) ? text : argument.Value?.ToJsonString() ?? "null")}",
    ];

static bool Follow(Uri url)
{
    _ = FollowAsync(url);
    return true;
}

static async Task FollowAsync(Uri url)
{
    using var http = new HttpClient();
    using var page = await http.GetAsync(url);
}
