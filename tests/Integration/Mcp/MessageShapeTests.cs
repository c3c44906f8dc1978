using System.Net;
using System.Net.Http.Headers;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>Messages and headers that are odd, hostile or rare: each has an answer in MCP's form, and none makes the server fail.</summary>
public sealed class MessageShapeTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Newest = "2026-07-28";
    private const string Meta =
        """ "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{} } """;

    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("=?base64?=", """ "who_am_i" """)]
    [InlineData("=?base64??=", """ "who_am_i" """)]
    [InlineData("=?base64?!?=", """ "who_am_i" """)]
    [InlineData("who_am_i", """ "\ud800" """)]
    [InlineData("who_am_i", "7")]
    [InlineData("who_am_i", """ {"a":1} """)]
    [InlineData("who_am_i", """ "who_am_i","name":"who_am_i" """)]
    public async Task L1_a_hostile_name_is_a_bad_request(string header, string name)
    {
        using var response = await server.PostMcpAsync(
            await TokenAsync(),
            McpRequests.Message("tools/call", $"{{\"name\":{name},\"arguments\":{{}},{Meta}}}"),
            ("MCP-Protocol-Version", Newest),
            ("Mcp-Method", "tools/call"),
            ("Mcp-Name", header)
        );
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(1, (int)(await response.RpcAsync())["id"]!);
    }

    [Theory]
    [InlineData("""{"name":"\ud800","arguments":{} }""")]
    [InlineData("""{"name":7,"arguments":{} }""")]
    [InlineData("""{"name":"who_am_i","name":"who_am_i"}""")]
    [InlineData("""{"name":"who_am_i","arguments":{"\ud800":1} }""")]
    [InlineData("[1]")]
    public async Task L1_a_hostile_call_in_a_session_has_an_answer(string parameters)
    {
        var token = await TokenAsync();
        var session = await server.OpenSessionAsync(token);
        using var response = await server.PostMcpAsync(token, McpRequests.Message("tools/call", parameters), ("Mcp-Session-Id", session));
        Assert.True((int)response.StatusCode < 500);
        Assert.Equal(1, (int)(await response.RpcAsync())["id"]!);
    }

    [Theory]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/json; charset=utf8")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/json; charset=\"UTF8\"")]
    public async Task K_05_takes_every_spelling_of_UTF_8(string contentType)
    {
        var request = McpRequests.Request(await TokenAsync());
        request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var response = await server.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task B_25_who_names_no_type_takes_any()
    {
        var request = McpRequests.Request(await TokenAsync());
        request.Headers.Accept.Clear();
        using var response = await server.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("\"seven\"", "seven")]
    public async Task B_25_a_406_carries_the_id_of_the_request(string id, object expected)
    {
        using var response = await server.PostMcpAsync(
            await TokenAsync(),
            McpRequests.Initialize.Replace("\"id\":1", $"\"id\":{id}", StringComparison.Ordinal),
            ("Accept", "text/html")
        );
        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
        Assert.Equal($"{expected}", (await response.RpcAsync())["id"]!.ToString());
    }

    [Theory]
    [InlineData("bogus")]
    [InlineData("")]
    public async Task K_15_a_cursor_that_nobody_gave_out_is_refused(string cursor)
    {
        var token = await TokenAsync();
        var session = await server.OpenSessionAsync(token);
        using var response = await server.PostMcpAsync(
            token,
            McpRequests.Message("tools/list", $$"""{"cursor":"{{cursor}}"}"""),
            ("Mcp-Session-Id", session)
        );
        Assert.Equal(-32602, (int)(await response.RpcAsync())["error"]!["code"]!);
    }

    [Theory]
    [InlineData("2027-01-01", "2025-11-25")]
    [InlineData("2026-07-28", "2025-11-25")]
    [InlineData("1999-01-01", "2025-11-25")]
    [InlineData("2025-06-18", "2025-06-18")]
    public async Task K_17_counters_a_revision_that_it_does_not_serve(string asked, string offered)
    {
        var token = await TokenAsync();
        using var response = await server.PostMcpAsync(
            token,
            McpRequests.Initialize.Replace(McpRequests.Revision, asked, StringComparison.Ordinal)
        );
        Assert.Equal(offered, (string?)(await response.RpcAsync())["result"]!["protocolVersion"]);
        var session = response.Headers.GetValues("Mcp-Session-Id").Single();
        using var call = await server.PostMcpAsync(token, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", session));
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":5,"method":"initialize","params":{}}""", "application/json", "5")]
    [InlineData("not json", "application/json", null)]
    [InlineData("a=b", "application/x-www-form-urlencoded", null)]
    public async Task U_07_the_base_address_names_the_right_one(string body, string contentType, string? id)
    {
        using var http = server.Http();
        using var response = await http.PostAsync(
            "/",
            new StringContent(body, MediaTypeHeaderValue.Parse(contentType)),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var error = await response.JsonAsync();
        Assert.Equal(("2.0", id), ((string?)error["jsonrpc"], error["id"]?.ToString()));
        Assert.Contains(server.Resource, (string)error["error"]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task U_07_a_browser_is_led_to_the_page_how_to_connect()
    {
        using var browser = await server.SendAsync(Get("text/html,application/xhtml+xml,*/*;q=0.8"));
        Assert.Equal((HttpStatusCode.Found, "/"), (browser.StatusCode, browser.Headers.Location!.OriginalString));
        using var client = await server.SendAsync(Get("text/event-stream"));
        Assert.Equal(HttpStatusCode.Unauthorized, client.StatusCode);
    }

    private static HttpRequestMessage Get(string accept)
    {
        var request = McpRequests.Request(null, null, ("Accept", accept));
        (request.Method, request.Content) = (HttpMethod.Get, null);
        return request;
    }

    private async Task<string> TokenAsync()
    {
        using var client = await TestClient.RegisterAsync(server);
        return (await client.SignInAsync()).Access;
    }
}
