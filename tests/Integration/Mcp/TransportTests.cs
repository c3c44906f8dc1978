using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>What /mcp asks of a request apart from its token.</summary>
public sealed class TransportTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://localhost")]
    [InlineData("http://localhost.evil.example")]
    public async Task B_18_refuses_a_foreign_origin_with_or_without_token(string origin)
    {
        foreach (var token in new[] { null, await TokenAsync() })
        {
            using var response = await server.PostMcpAsync(token, null, ("Origin", origin));
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task B_18_serves_its_own_origin() =>
        Assert.Equal(HttpStatusCode.OK, (await server.PostMcpAsync(await TokenAsync(), null, ("Origin", server.Issuer))).StatusCode);

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("169.254.169.254")]
    public async Task B_18_refuses_a_foreign_host(string host) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostMcpAsync(await TokenAsync(), null, ("Host", host))).StatusCode);

    [Fact]
    public async Task B_20_a_session_belongs_to_the_user_who_opened_it()
    {
        using var client = await TestClient.RegisterAsync(server);
        var (alice, bob) = ((await client.SignInAsync()).Access, (await client.SignInAsync("bob")).Access);
        var session = ("Mcp-Session-Id", await server.OpenSessionAsync(alice));

        Assert.Equal(HttpStatusCode.Forbidden, (await server.PostMcpAsync(bob, McpRequests.Call("who_am_i"), session)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.PostMcpAsync(null, McpRequests.Call("who_am_i"), session)).StatusCode);
        using var own = await server.PostMcpAsync(alice, McpRequests.Call("who_am_i"), session);
        Assert.Equal("alice", (string?)(await own.RpcAsync())["result"]!["structuredContent"]!["userName"]);
    }

    [Fact]
    public async Task B_20_nobody_else_listens_to_or_ends_a_session()
    {
        using var client = await TestClient.RegisterAsync(server);
        var (alice, bob) = ((await client.SignInAsync()).Access, (await client.SignInAsync("bob")).Access);
        var session = await server.OpenSessionAsync(alice);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(method, bob, session)).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(method, null, session)).StatusCode);
        }

        Assert.Equal(
            HttpStatusCode.OK,
            (await server.PostMcpAsync(alice, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", session))).StatusCode
        );
        Assert.True((await SendAsync(HttpMethod.Delete, alice, session)).IsSuccessStatusCode);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await server.PostMcpAsync(alice, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", session))).StatusCode
        );
    }

    [Fact]
    public async Task B_25_refuses_a_batch()
    {
        using var response = await server.PostMcpAsync(await TokenAsync(), $"[{McpRequests.Initialize}]");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/xml")]
    [InlineData("application/json")]
    public async Task B_25_refuses_an_Accept_that_it_cannot_serve(string accept)
    {
        using var response = await server.PostMcpAsync(await TokenAsync(), null, ("Accept", accept));
        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task B_25_refuses_GET_and_DELETE_without_a_session(string method)
    {
        using var response = await SendAsync(new HttpMethod(method), await TokenAsync(), null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(new HttpMethod(method), null, null)).StatusCode);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task Answers_405_without_token_where_configured(string method)
    {
        await using var own = await TestServer.StartAsync(("Mcp:UnauthenticatedGet", "405"));
        using var response = await own.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/mcp"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await own.PostMcpAsync(null)).StatusCode);
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string? token, string? session)
    {
        var request = McpRequests.Request(token);
        request.Method = method;
        request.Content = null;
        if (session is not null)
            request.Headers.Add("Mcp-Session-Id", session);
        return server.SendAsync(request);
    }

    private async Task<string> TokenAsync()
    {
        using var client = await TestClient.RegisterAsync(server);
        return (await client.SignInAsync()).Access;
    }
}
