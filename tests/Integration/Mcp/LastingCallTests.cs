using System.Net;
using Microsoft.AspNetCore.Http;
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
        await using var server = await StartAsync(slow, ("Limits:McpConcurrentPerUser", "2"));
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        var session = await server.OpenSessionAsync(access);
        for (var round = 0; round < 5; round++)
        {
            using var stream = await EventStream.OpenAsync(server, access, session, Slow);
            await slow.ArrivedAsync();
            using (var cancelled = await server.PostMcpAsync(access, Cancelled, ("Mcp-Session-Id", session)))
                Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
            Assert.DoesNotContain("data", await stream.RestAsync(), StringComparison.Ordinal);
            await slow.LeftAsync();
        }

        using var running = await EventStream.OpenAsync(server, access, session, Slow);
        await slow.ArrivedAsync();
        using var unhindered = await server.PostMcpAsync(access, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", session));
        Assert.Equal(HttpStatusCode.OK, unhindered.StatusCode);
    }

    [Fact]
    public async Task M9_a_revoked_token_ends_its_running_call_too()
    {
        await using var slow = await SlowApi.StartAsync();
        await using var server = await StartAsync(slow);
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        using var stream = await EventStream.OpenAsync(server, access, await server.OpenSessionAsync(access), Slow);
        await slow.ArrivedAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(access)).StatusCode);
        server.Clock.Advance(TimeSpan.FromSeconds(15)); // looked at, and too early for the API's own time to be up
        await slow.LeftAsync();
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
        await slow.ArrivedAsync();
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
        await slow.ArrivedAsync();
        var delete = McpRequests.Request(access, null, ("Mcp-Session-Id", session));
        (delete.Method, delete.Content) = (HttpMethod.Delete, null);
        Assert.True((await server.SendAsync(delete)).IsSuccessStatusCode);
        Assert.DoesNotContain("data", await stream.RestAsync(), StringComparison.Ordinal);
        await slow.LeftAsync();
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

    /// <summary>An API that answers nothing, and tells who came and who hung up.</summary>
    private sealed class SlowApi : IAsyncDisposable
    {
        private readonly SemaphoreSlim arrived = new(0);
        private readonly SemaphoreSlim left = new(0);
        private StandIn? api;

        public string Address => api!.Address.AbsoluteUri;

        public static async Task<SlowApi> StartAsync()
        {
            var slow = new SlowApi();
            slow.api = await StandIn.StartAsync(slow.HoldAsync);
            return slow;
        }

        public Task ArrivedAsync() => SoonAsync(arrived);

        public Task LeftAsync() => SoonAsync(left);

        public ValueTask DisposeAsync() => api!.DisposeAsync();

        private static async Task SoonAsync(SemaphoreSlim happened) =>
            Assert.True(await happened.WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken));

        private async Task HoldAsync(HttpContext http)
        {
            arrived.Release();
            await StandIn.GoneAsync(http);
            left.Release();
        }
    }
}
