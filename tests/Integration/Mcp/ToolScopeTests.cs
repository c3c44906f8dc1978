using System.Net;
using System.Text;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>What a caller is shown and told about scopes, and what the headers of the newest revision have to agree with.</summary>
public sealed class ToolScopeTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Writer = "make_authenticated_request";
    private const string Newest = "2026-07-28";

    [Theory]
    [InlineData("mcp.read", "show_auth_token who_am_i")]
    [InlineData("mcp.write", "make_authenticated_request show_auth_token who_am_i")]
    public async Task Lists_the_tools_that_the_token_may_call(string scope, string tools)
    {
        await using var client = await Callers.ConnectAsync(shared.Server, await TokenAsync(shared.Server, scope));
        var listed = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(tools.Split(' '), listed.Select(tool => tool.Name).Order());
        foreach (var tool in listed)
        {
            var scheme = Assert.Single(tool.ProtocolTool.Meta!["securitySchemes"]!.AsArray())!;
            Assert.Equal("oauth2", (string?)scheme["type"]);
            Assert.Equal([tool.Name == Writer ? "mcp.write" : "mcp.read"], scheme["scopes"]!.AsArray().Select(name => (string?)name));
        }
    }

    [Fact]
    public async Task Puts_the_challenge_into_the_result_where_asked_to()
    {
        await using var server = await TestServer.StartAsync(("Mcp:ChallengeInToolResults", "true"));
        using var response = await SendAsync(server, await TokenAsync(server, "mcp.read"), Call(Writer), Writer);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var result = (await response.RpcAsync())["result"]!;
        Assert.True((bool)result["isError"]!);
        var challenge = (string?)Assert.Single(result["_meta"]!["mcp/www_authenticate"]!.AsArray());
        Assert.StartsWith("Bearer error=\"insufficient_scope\"", challenge, StringComparison.Ordinal);
        Assert.EndsWith("scope=\"mcp.write\"", challenge, StringComparison.Ordinal);
        Assert.DoesNotContain("/anything", result.ToJsonString(), StringComparison.Ordinal);
        using var anonymous = await server.PostMcpAsync(null, Call(Writer));
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(100_000, false)]
    [InlineData(0, true)]
    [InlineData(0, false, "\uFEFF")] // some write a byte order mark
    [InlineData(0, true, "\uFEFF")]
    public async Task Reads_the_scope_and_the_arguments_of_a_message_in_any_form(int blanks, bool isChunked, string mark = "")
    {
        var body = mark + Call(Writer) + new string(' ', blanks);
        foreach (var (scope, isServed) in new[] { ("mcp.read", false), ("mcp.write", true) })
        {
            var headers = new[] { ("MCP-Protocol-Version", Newest), ("Mcp-Method", "tools/call"), ("Mcp-Name", Writer) };
            using var request = McpRequests.Request(await TokenAsync(shared.Server, scope), body, headers);
            request.Headers.TransferEncodingChunked = isChunked;
            using var response = await shared.Server.SendAsync(request);
            if (isServed)
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            else
                await response.AssertErrorAsync(403, "insufficient_scope");
        }
    }

    [Fact]
    public async Task B_12_reads_an_encoded_name()
    {
        var name = $"=?base64?{Convert.ToBase64String(Encoding.UTF8.GetBytes(Writer))}?=";
        using var response = await SendAsync(shared.Server, await TokenAsync(shared.Server, "mcp.read"), Call(Writer), name);
        await response.AssertErrorAsync(403, "insufficient_scope");
        Assert.EndsWith("scope=\"mcp.write\"", response.Headers.GetValues("WWW-Authenticate").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mcp-Method", "tools/list")]
    [InlineData("Mcp-Method", null)]
    [InlineData("Mcp-Name", "show_auth_token")]
    [InlineData("Mcp-Name", null)]
    public async Task B_19_refuses_headers_that_differ_from_the_body(string header, string? value)
    {
        using var response = await SendAsync(
            shared.Server,
            await TokenAsync(shared.Server, "mcp.read"),
            Call("who_am_i"),
            "who_am_i",
            (header, value)
        );
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(-32020, (int)(await response.RpcAsync())["error"]!["code"]!);
    }

    [Fact]
    public async Task Discovers_every_revision()
    {
        using var response = await SendAsync(
            shared.Server,
            await TokenAsync(shared.Server, "mcp.read"),
            McpRequests.Message("server/discover", $"{{{Meta}}}"),
            null,
            ("Mcp-Method", "server/discover")
        );
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var versions = (await response.RpcAsync())["result"]!["supportedVersions"]!.AsArray().Select(version => (string?)version);
        Assert.Equal(["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"], versions.Order());
    }

    private static string Meta =>
        $$$""" "_meta":{"io.modelcontextprotocol/protocolVersion":"{{{Newest}}}","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{} } """;

    private static string Call(string tool) =>
        McpRequests.Message("tools/call", $$$"""{"name":"{{{tool}}}","arguments":{"message":"hello"},{{{Meta}}}}""");

    private static async Task<string> TokenAsync(TestServer server, string scope)
    {
        using var client = await TestClient.RegisterAsync(server);
        return (await client.SignInAsync("alice", ("scope", scope))).Access;
    }

    private static Task<HttpResponseMessage> SendAsync(
        TestServer server,
        string token,
        string body,
        string? name,
        params (string Name, string? Value)[] headers
    )
    {
        var all = new Dictionary<string, string?>
        {
            ["MCP-Protocol-Version"] = Newest,
            ["Mcp-Method"] = "tools/call",
            ["Mcp-Name"] = name,
        };
        foreach (var (header, value) in headers)
            all[header] = value;
        return server.PostMcpAsync(
            token,
            body,
            [.. all.Where(header => header.Value is not null).Select(header => (header.Key, header.Value!))]
        );
    }
}
