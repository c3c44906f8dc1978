using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>How much of the server one caller can take.</summary>
public sealed class CallLimitTests
{
    private static readonly string Slow = McpRequests.Call("make_authenticated_request", """{"message":"slow"}""");

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public async Task X_12_one_caller_takes_its_share_and_no_more(int limit)
    {
        const int Calls = 4;
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var arrived = new SemaphoreSlim(0);
        await using var api = await StandIn.StartAsync(async http =>
        {
            arrived.Release();
            await release.Task;
            await StandIn.AnythingAsync(http);
        });
        await using var server = await TestServer.StartAsync(
            ("Limits:McpConcurrentPerUser", $"{limit}"),
            ("Downstream:BaseAddress", api.Address.AbsoluteUri)
        );
        using var client = await TestClient.RegisterAsync(server);
        var (greedy, other) = ((await client.SignInAsync()).Access, (await client.SignInAsync("bob")).Access);
        var sessions = new[] { await server.OpenSessionAsync(greedy), await server.OpenSessionAsync(other) };
        var running = limit == 0 ? Calls : limit;

        var calls = Enumerable.Range(0, running).Select(_ => server.PostMcpAsync(greedy, Slow, ("Mcp-Session-Id", sessions[0]))).ToList();
        try
        {
            for (var call = 0; call < running; call++)
                Assert.True(await arrived.WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken));
            using (var one = await server.PostMcpAsync(greedy, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", sessions[0])))
            {
                if (limit == 0)
                    Assert.Equal(HttpStatusCode.OK, one.StatusCode);
                else
                {
                    await one.AssertErrorAsync(429, "too_many_requests");
                    Assert.Equal(TimeSpan.FromSeconds(1), one.Headers.RetryAfter!.Delta);
                }
            }

            using var unaffected = await server.PostMcpAsync(other, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", sessions[1]));
            Assert.Equal("bob", (string?)(await unaffected.RpcAsync())["result"]!["structuredContent"]!["userName"]);
        }
        finally
        {
            release.SetResult(); // a test that fails waits for nobody
        }

        foreach (var call in await Task.WhenAll(calls).WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken))
            Assert.Equal("GET", (string?)(await call.RpcAsync())["result"]!["structuredContent"]!["method"]);
        using var again = await server.PostMcpAsync(greedy, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", sessions[0]));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }
}
