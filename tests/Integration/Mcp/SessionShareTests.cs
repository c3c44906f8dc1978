using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>How many sessions and streams one user may hold: its own oldest makes room, and nobody else's.</summary>
public sealed class SessionShareTests
{
    [Fact]
    public async Task M7_the_users_own_oldest_session_makes_room()
    {
        await using var server = await TestServer.StartAsync(("Limits:McpSessionsPerUser", "2"));
        using var client = await TestClient.RegisterAsync(server);
        var (alice, bob) = ((await client.SignInAsync()).Access, (await client.SignInAsync("bob")).Access);
        var others = await server.OpenSessionAsync(bob);
        var first = await server.OpenSessionAsync(alice);
        var second = await server.OpenSessionAsync(alice);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(server, alice, first)); // so the second is the one unused longest
        var third = await server.OpenSessionAsync(alice);
        await server.Log.NextAsync(line => line.Contains("made room", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(server, alice, second));
        foreach (var session in new[] { first, third })
            Assert.Equal(HttpStatusCode.OK, await CallAsync(server, alice, session));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(server, bob, others));
    }

    [Fact]
    public async Task M7_the_users_own_oldest_stream_makes_room()
    {
        await using var server = await TestServer.StartAsync(("Limits:McpStreamsPerUser", "1"));
        using var client = await TestClient.RegisterAsync(server);
        var (alice, bob) = ((await client.SignInAsync()).Access, (await client.SignInAsync("bob")).Access);
        using var others = await EventStream.OpenAsync(server, bob, await server.OpenSessionAsync(bob));
        using var first = await EventStream.OpenAsync(server, alice, await server.OpenSessionAsync(alice));
        using var second = await EventStream.OpenAsync(server, alice, await server.OpenSessionAsync(alice));

        Assert.Equal("", await first.RestAsync());
        server.Clock.Advance(TimeSpan.FromSeconds(15));
        foreach (var stream in new[] { second, others })
            Assert.Equal(":", await stream.NextLineAsync());
    }

    [Fact]
    public async Task A_session_goes_on_when_the_server_was_started_again()
    {
        var (data, port) = (TestServer.NewDataDirectory(), TestServer.FreePort());
        var first = await TestServer.StartAsync(data, port);
        using var client = await TestClient.RegisterAsync(first);
        var token = (await client.SignInAsync()).Access;
        var session = await first.OpenSessionAsync(token);
        await first.StopAsync();
        await using var second = await TestServer.StartAsync(data, port);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(second, token, session));
        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(second, token, "another"));
    }

    private static async Task<HttpStatusCode> CallAsync(TestServer server, string token, string session)
    {
        using var response = await server.PostMcpAsync(token, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", session));
        return response.StatusCode;
    }
}
