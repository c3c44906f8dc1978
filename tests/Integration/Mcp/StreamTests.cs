using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>The stream of a session for what the server sends unasked: what keeps it open, what ends it, who may open it again.</summary>
public sealed class StreamTests
{
    [Fact]
    public async Task B_24_ends_a_stream_whose_token_expires()
    {
        await using var server = await TestServer.StartAsync(("OAuth:AccessTokenLifetime", "00:10:00"));
        using var client = await TestClient.RegisterAsync(server);
        var (access, refresh) = await client.SignInAsync();
        var session = await server.OpenSessionAsync(access);
        using var stream = await EventStream.OpenAsync(server, access, session);
        server.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(":", await stream.NextLineAsync());
        server.Clock.Advance(TimeSpan.FromSeconds(90)); // the minute that was left, and the 30 s
        Assert.DoesNotContain("data", await stream.RestAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Log.All, line => line.StartsWith("Error ", StringComparison.Ordinal));

        // K-03: its client opens it again with the token that it got meanwhile.
        var renewed = (string)(await (await client.RefreshAsync(refresh)).JsonAsync())["access_token"]!;
        using var again = await EventStream.OpenAsync(server, renewed, session);
        await AssertLivesAsync(server, again);
    }

    [Fact]
    public async Task B_24_ends_a_stream_whose_token_is_revoked_and_no_other()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (revoked, other) = ((await client.SignInAsync()).Access, (await client.SignInAsync("bob")).Access);
        using var stream = await EventStream.OpenAsync(server, revoked, await server.OpenSessionAsync(revoked));
        using var unaffected = await EventStream.OpenAsync(server, other, await server.OpenSessionAsync(other));
        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(revoked)).StatusCode);
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        await stream.RestAsync();
        await AssertLivesAsync(server, unaffected);
    }

    [Fact]
    public async Task Proxies_are_told_to_send_events_on_as_they_come()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        var session = await server.OpenSessionAsync(access);
        using var http = server.Http();
        using var stream = McpRequests.Request(access, headers: [("Mcp-Session-Id", session), ("Accept", "text/event-stream")]);
        (stream.Method, stream.Content) = (HttpMethod.Get, null);
        foreach (
            var request in new[]
            {
                McpRequests.Request(access, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", session)),
                new HttpRequestMessage(HttpMethod.Get, "/health/stream"),
                stream,
            }
        )
        {
            using var answer = await http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                TestContext.Current.CancellationToken
            );
            Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal("no", answer.Headers.GetValues("X-Accel-Buffering").Single());
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("7")]
    public async Task K_03_whoever_opens_a_stream_again_has_it(string? lastEventId)
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        var session = await server.OpenSessionAsync(access);
        (string, string)[] headers = lastEventId is null ? [] : [("Last-Event-ID", lastEventId)];

        using var cut = await EventStream.OpenAsync(server, access, session, null, headers);
        using (var again = await EventStream.OpenAsync(server, access, session, null, headers))
        {
            Assert.Equal("", await cut.RestAsync());
            await AssertLivesAsync(server, again);
        }

        using var afterReset = await EventStream.OpenAsync(server, access, session, null, headers);
        await AssertLivesAsync(server, afterReset);
        using var call = await server.PostMcpAsync(access, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", session));
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
    }

    [Theory]
    [InlineData("2025-11-25", true)]
    [InlineData("2025-06-18", false)]
    public async Task K_03_a_stream_begins_with_an_id_where_clients_open_it_again_by_one(string revision, bool hasId)
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        var session = await server.OpenSessionAsync(access);
        using var stream = await EventStream.OpenAsync(server, access, session, null, ("MCP-Protocol-Version", revision));
        if (hasId)
        {
            Assert.StartsWith("id: ", await stream.NextLineAsync(), StringComparison.Ordinal);
            Assert.Equal("data:", await stream.NextLineAsync());
            Assert.Equal("", await stream.NextLineAsync());
        }

        await AssertLivesAsync(server, stream);
    }

    [Fact]
    public async Task K_03_what_is_said_unasked_arrives_at_whoever_listens_last()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        var session = await server.OpenSessionAsync(access);
        using var initialized = await server.PostMcpAsync(
            access,
            """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
            ("Mcp-Session-Id", session)
        );
        using var cut = await EventStream.OpenAsync(server, access, session);
        using var stream = await EventStream.OpenAsync(server, access, session);
        var tools = server.App.Services.GetRequiredService<IOptions<McpServerOptions>>().Value.ToolCollection!;
        tools.Add(McpServerTool.Create(() => "new", new McpServerToolCreateOptions { Name = "new_tool" }));
        Assert.Equal("event: message", await stream.NextLineAsync());
        Assert.Contains("notifications/tools/list_changed", await stream.NextLineAsync(), StringComparison.Ordinal);
        Assert.Equal("", await cut.RestAsync());
    }

    [Fact]
    public async Task K_03_gives_a_sign_of_life_at_least_every_30_seconds()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        using var stream = await EventStream.OpenAsync(server, access, await server.OpenSessionAsync(access));
        for (var half = 0; half < 10; half++)
            await AssertLivesAsync(server, stream);
    }

    [Fact]
    public async Task K_03_ends_the_stream_with_its_session()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        var session = await server.OpenSessionAsync(access);
        using var stream = await EventStream.OpenAsync(server, access, session);
        var delete = McpRequests.Request(access, null, ("Mcp-Session-Id", session));
        (delete.Method, delete.Content) = (HttpMethod.Delete, null);
        Assert.True((await server.SendAsync(delete)).IsSuccessStatusCode);
        Assert.Equal("", await stream.RestAsync());
    }

    [Fact]
    public async Task K_03_ends_the_stream_cleanly_when_the_server_stops()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        using var stream = await EventStream.OpenAsync(server, access, await server.OpenSessionAsync(access));
        var stopping = server.App.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await stream.RestAsync());
        await stopping.WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken);
    }

    private static async Task AssertLivesAsync(TestServer server, EventStream stream)
    {
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(":", await stream.NextLineAsync());
        Assert.Equal("", await stream.NextLineAsync());
    }
}
