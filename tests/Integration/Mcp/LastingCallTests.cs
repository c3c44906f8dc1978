using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>A call that lasts ends for the same reasons as a stream does, and its place among its caller's requests is free then.</summary>
public sealed class LastingCallTests
{
    private static readonly string Slow = McpRequests.Call("make_authenticated_request", """{"message":"slow"}""");
    private static readonly string Cancelled =
        """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"no time"} }""";

    [Fact]
    public async Task K_02_a_cancelled_call_ends_its_stream_and_frees_its_place()
    {
        await using var slow = await SlowApi.StartAsync();
        await using var server = await StartAsync(slow, ("Limits:McpConcurrentPerUser", "1"));
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        var session = await server.OpenSessionAsync(access);
        for (var round = 0; round < 5; round++)
        {
            using var stream = await EventStream.OpenAsync(server, access, session, Slow);
            await slow.HoldsAsync(1);
            using (var cancelled = await server.PostMcpAsync(access, Cancelled, ("Mcp-Session-Id", session)))
                Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
            Assert.DoesNotContain("data", await stream.RestAsync(), StringComparison.Ordinal);
            await slow.HoldsAsync(0);
        }

        using var unhindered = await server.PostMcpAsync(access, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", session));
        Assert.Equal(HttpStatusCode.OK, unhindered.StatusCode);
    }

    [Fact]
    public async Task K_02_a_cancellation_that_overtakes_its_call_keeps_it_from_beginning()
    {
        await using var slow = await SlowApi.StartAsync();
        await using var server = await StartAsync(slow);
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        var session = await server.OpenSessionAsync(access);
        using (var cancelled = await server.PostMcpAsync(access, Cancelled, ("Mcp-Session-Id", session)))
            Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        using (var early = await EventStream.OpenAsync(server, access, session, Slow))
            await early.RestAsync();
        await slow.HoldsAsync(0);
        using var other = await server.PostMcpAsync(access, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", session));
        Assert.NotNull((await other.RpcAsync())["result"]);
    }

    [Theory]
    [InlineData("its client")]
    [InlineData("its token")]
    [InlineData("its session")]
    [InlineData("the server")]
    public async Task K_02_a_call_whose_connection_is_gone_leaves_its_place_and_ends_with(string end)
    {
        await using var slow = await SlowApi.StartAsync();
        await using var server = await StartAsync(slow, ("Limits:McpConcurrentPerUser", "1"));
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        var session = await server.OpenSessionAsync(access);
        await HangUpAsync(Slow.Replace("\"id\":1", "\"id\":7", StringComparison.Ordinal), 1);
        await HangUpAsync(Slow, 2);
        await slow.HoldsAsync(1); // the one before has made room

        switch (end)
        {
            case "its client":
                using (var cancelled = await server.PostMcpAsync(access, Cancelled, ("Mcp-Session-Id", session)))
                    Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
                break;
            case "its token":
                // Before the token is looked at, the API's time is up once, and the call tries it again.
                var again = slow.NextArrival;
                server.Clock.SkipsWaitsOf = TimeSpan.FromSeconds(5);
                server.Clock.Advance(TimeSpan.FromSeconds(10));
                await again.WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(access)).StatusCode);
                server.Clock.Advance(TimeSpan.FromSeconds(5));
                break;
            case "its session":
                await EndSessionAsync(server, access, session);
                break;
            default:
                await server.StopAsync();
                break;
        }

        await slow.HoldsAsync(0);

        async Task HangUpAsync(string call, int running)
        {
            using (await EventStream.OpenAsync(server, access, session, call))
                await slow.HoldsAsync(running);
            await server.Log.NextAsync(line => line.Contains("/mcp 499", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task M9_a_token_that_is_revoked_or_expires_ends_its_running_call_too(bool isRevoked)
    {
        await using var slow = await SlowApi.StartAsync();
        await using var server = await StartAsync(slow, ("OAuth:AccessTokenLifetime", "00:10:00"));
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        server.Clock.Advance(new TimeSpan(0, 9, 50));
        using var stream = await EventStream.OpenAsync(server, access, await server.OpenSessionAsync(access), Slow);
        await slow.HoldsAsync(1);
        if (isRevoked)
            Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(access)).StatusCode);
        server.Clock.Advance(TimeSpan.FromSeconds(15)); // looked at, and too early for the API's own time to be up
        await slow.HoldsAsync(0);
        Assert.Contains("expired or was revoked", await stream.RestAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task M9_a_long_call_gives_signs_of_life()
    {
        await using var slow = await SlowApi.StartAsync();
        await using var server = await StartAsync(slow);
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        using var stream = await EventStream.OpenAsync(server, access, await server.OpenSessionAsync(access), Slow);
        await slow.HoldsAsync(1);
        server.Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(":", await stream.NextLineAsync());
    }

    [Fact]
    public async Task K_02_the_end_of_a_session_ends_its_calls()
    {
        await using var slow = await SlowApi.StartAsync();
        await using var server = await StartAsync(slow);
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        var session = await server.OpenSessionAsync(access);
        using var stream = await EventStream.OpenAsync(server, access, session, Slow);
        await slow.HoldsAsync(1);
        await EndSessionAsync(server, access, session);
        Assert.DoesNotContain("data", await stream.RestAsync(), StringComparison.Ordinal);
        await slow.HoldsAsync(0);
    }

    [Fact]
    public async Task A_call_that_runs_when_the_server_stops_may_answer()
    {
        var release = new TaskCompletionSource();
        using var arrived = new SemaphoreSlim(0);
        await using var api = await StandIn.StartAsync(async http =>
        {
            arrived.Release();
            await release.Task.WaitAsync(ServerProcess.Patience, http.RequestAborted);
            await StandIn.AnythingAsync(http);
        });
        await using var server = await TestServer.StartAsync(("Downstream:BaseAddress", api.Address.AbsoluteUri));
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        using var stream = await EventStream.OpenAsync(server, access, await server.OpenSessionAsync(access), Slow);
        Assert.True(await arrived.WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken));
        var stopping = server.App.StopAsync(TestContext.Current.CancellationToken);
        release.SetResult();
        Assert.Contains("\"GET\"", await stream.RestAsync(), StringComparison.Ordinal);
        await stopping.WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken);
    }

    private static Task<TestServer> StartAsync(SlowApi slow, params (string, string)[] configuration) =>
        TestServer.StartAsync([("Downstream:BaseAddress", slow.Address), .. configuration]);

    private static async Task EndSessionAsync(TestServer server, string access, string session)
    {
        var delete = McpRequests.Request(access, null, ("Mcp-Session-Id", session));
        (delete.Method, delete.Content) = (HttpMethod.Delete, null);
        Assert.True((await server.SendAsync(delete)).IsSuccessStatusCode);
    }
}
