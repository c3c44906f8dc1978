using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>A token does what its scope covers, however the call is spelled.</summary>
public sealed class ScopeTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Writer = "make_authenticated_request";
    private const string Arguments = """{"message":"hello"}""";
    private const string Served = "/anything";
    private const string Newest = "2026-07-28";
    private static readonly string Stateless = McpRequests.Message(
        "tools/call",
        $$$"""{"name":"{{{Writer}}}","arguments":{{{Arguments}}},"_meta":{"io.modelcontextprotocol/protocolVersion":"{{{Newest}}}","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{} } }"""
    );
    private readonly TestServer server = shared.Server;

    public static TheoryData<string> Spellings =>
        new(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"Name":"make_authenticated_request","arguments":{"message":"hello"}}}""",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","Params":{"name":"make_authenticated_request","arguments":{"message":"hello"}}}""",
            """{"jsonrpc":"2.0","id":1,"Method":"tools/call","params":{"name":"make_authenticated_request","arguments":{"message":"hello"}}}""",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"make_authenticated_request","name":"who_am_i","arguments":{"message":"hello"}}}""",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"make_authenticated_request","Name":"who_am_i","arguments":{"message":"hello"}}}""",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"who_am_i","Name":"make_authenticated_request","arguments":{"message":"hello"}}}""",
            """{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"tools/call","params":{"name":"make_authenticated_request","arguments":{"message":"hello"}}}""",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"make_authenticated_request","arguments":{"message":"hello"}},"params":{"name":"who_am_i"}}""",
            """{"jsonrpc":"2.0","id":1,"method":"tools\u002fcall","params":{"n\u0061me":"make_authenticated\u005frequest","arguments":{"message":"hello"}}}""",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"make_authenticated_request","arguments":{"message":"hello"},},}"""
        );

    [Theory]
    [InlineData(McpRequests.Revision)]
    [InlineData(null)]
    public async Task B_12_X_13_answers_403_with_the_scope_that_a_tool_needs(string? revision)
    {
        var token = await TokenAsync("mcp.read");
        var session = await server.OpenSessionAsync(token);
        List<(string, string)> headers = [("Mcp-Session-Id", session)];
        if (revision is not null)
            headers.Add(("MCP-Protocol-Version", revision));
        using var response = await server.PostMcpAsync(token, McpRequests.Call(Writer, Arguments), [.. headers]);
        await AssertInsufficientAsync(response, "mcp.write");
    }

    [Fact]
    public async Task B_12_answers_403_by_the_headers_of_the_newest_revision()
    {
        var token = await TokenAsync("mcp.read");
        using var response = await server.PostMcpAsync(
            token,
            Stateless,
            ("MCP-Protocol-Version", Newest),
            ("Mcp-Method", "tools/call"),
            ("Mcp-Name", Writer)
        );
        await AssertInsufficientAsync(response, "mcp.write");
    }

    [Fact]
    public async Task A_token_for_writing_may_read_and_one_for_reading_may_read()
    {
        foreach (var scope in new[] { "mcp.write", "mcp.read" })
        {
            var token = await TokenAsync(scope);
            var session = await server.OpenSessionAsync(token);
            using var response = await server.PostMcpAsync(token, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", session));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var me = (await response.RpcAsync())["result"]!["structuredContent"]!;
            Assert.Equal([scope], me["scopes"]!.AsArray().Select(item => (string?)item));
        }
    }

    [Fact]
    public async Task A_token_for_writing_may_write()
    {
        var token = await TokenAsync("mcp.write");
        using var response = await server.PostMcpAsync(
            token,
            Stateless,
            ("MCP-Protocol-Version", Newest),
            ("Mcp-Method", "tools/call"),
            ("Mcp-Name", Writer)
        );
        Assert.Contains(Served, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task B_12_no_spelling_of_a_call_gets_past_the_scope(string body)
    {
        var token = await TokenAsync("mcp.read");
        var session = await server.OpenSessionAsync(token);
        await AssertNotServedAsync(
            await server.PostMcpAsync(token, body, ("Mcp-Session-Id", session), ("MCP-Protocol-Version", McpRequests.Revision))
        );
        await AssertNotServedAsync(await server.PostMcpAsync(token, body, ("Mcp-Session-Id", session)));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [InlineData("us-ascii")]
    public async Task B_12_no_encoding_of_a_call_gets_past_the_scope(string charset)
    {
        var token = await TokenAsync("mcp.read");
        var session = await server.OpenSessionAsync(token);
        var request = McpRequests.Request(token, null, ("Mcp-Session-Id", session), ("MCP-Protocol-Version", McpRequests.Revision));
        request.Content = new ByteArrayContent(Encoding.GetEncoding(charset).GetBytes(McpRequests.Call(Writer, Arguments)));
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse($"application/json; charset={charset}");
        await AssertNotServedAsync(await server.SendAsync(request));
    }

    [Theory]
    [InlineData("2026-07-28", "tools/call", "=?base64?bWFrZV9hdXRoZW50aWNhdGVkX3JlcXVlc3Q=?=")]
    [InlineData("2026-07-28", "tools/call", "who_am_i")]
    [InlineData("2026-07-28", "tools/list", null)]
    [InlineData("2026-07-28", "TOOLS/CALL", Writer)]
    [InlineData("2026-07-28", null, null)]
    [InlineData("2026-07-29", null, null)]
    [InlineData("9999-99-99", null, null)]
    [InlineData("draft", null, null)]
    public async Task B_12_no_header_gets_past_the_scope(string revision, string? method, string? name)
    {
        var token = await TokenAsync("mcp.read");
        var session = await server.OpenSessionAsync(token);
        var body = Stateless.Replace(Newest, revision, StringComparison.Ordinal);
        List<(string, string)> headers = [("MCP-Protocol-Version", revision)];
        if (method is not null)
            headers.Add(("Mcp-Method", method));
        if (name is not null)
            headers.Add(("Mcp-Name", name));
        await AssertNotServedAsync(await server.PostMcpAsync(token, body, [.. headers]));
        await AssertNotServedAsync(await server.PostMcpAsync(token, body, [.. headers, ("Mcp-Session-Id", session)]));
    }

    private async Task<string> TokenAsync(string scope)
    {
        using var client = await TestClient.RegisterAsync(server);
        return (await client.SignInAsync("alice", ("scope", scope))).Access;
    }

    private async Task AssertInsufficientAsync(HttpResponseMessage response, string scope)
    {
        await response.AssertErrorAsync(403, "insufficient_scope");
        Assert.Equal(
            $"Bearer error=\"insufficient_scope\", error_description=\"The access token does not cover this operation: it lacks the scope {scope}.\", resource_metadata=\"{server.Issuer}/.well-known/oauth-protected-resource/mcp\", scope=\"{scope}\"",
            response.Headers.GetValues("WWW-Authenticate").Single()
        );
    }

    private static async Task AssertNotServedAsync(HttpResponseMessage response) =>
        Assert.DoesNotContain(
            Served,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
}
