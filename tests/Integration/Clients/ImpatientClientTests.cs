using ModelContextProtocol.Client;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>Clients that give their calls up, and connections that are cut: nothing of it stays, and the same user's other client notices nothing.</summary>
public sealed class ImpatientClientTests
{
    private const int Calls = 100;

    [Theory]
    [InlineData("@modelcontextprotocol/sdk", "legacy")]
    [InlineData("@modelcontextprotocol/client", "legacy")]
    [InlineData("@modelcontextprotocol/client", "auto")]
    public async Task K_02_the_TypeScript_client_times_out_and_cancels_a_hundred_times(string package, string mode)
    {
        Requires.Package(package);
        await using var api = await StandIn.StartAsync(StandIn.GoneAsync);
        await using var server = await StartAsync(api);
        using var browser = server.Browser();
        await using var client = DrivenClient.Start("typescript.mjs", package, mode, server.Resource);
        await client.SignInAsync(browser);
        await client.SaysAsync("connected");
        using var registered = await TestClient.RegisterAsync(server);
        await using var other = await Callers.ConnectAsync(server, (await registered.SignInAsync()).Access, McpRequests.Revision);

        foreach (var how in new[] { "timeouts", "cancellations" })
        {
            await client.WishAsync($"{how} {Calls}");
            var givenUp = client.SaysAsync(how);
            while (!givenUp.IsCompleted)
                await AskAsync(other);
            Assert.Equal(Calls, (int)await givenUp);
        }

        Assert.Equal("alice", (string?)(await client.CallAsync("who_am_i"))["userName"]);
        Assert.DoesNotContain(server.Log.All, line => line.StartsWith("Error ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task K_02_K_03_the_CSharp_client_gives_up_a_hundred_times_behind_a_proxy_that_cuts(string revision)
    {
        await using var api = await StandIn.StartAsync(StandIn.GoneAsync);
        await using var server = await StartAsync(api);
        await using var proxy = CuttingProxy.Start(server.Address, TimeSpan.FromMilliseconds(500));
        using var registered = await TestClient.RegisterAsync(server);
        var token = (await registered.SignInAsync()).Access;
        await using var client = await ConnectAsync(proxy, token, revision);
        await using var other = await Callers.ConnectAsync(server, token, McpRequests.Revision);

        for (var call = 0; call < Calls; call++)
        {
            using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
            await Assert.ThrowsAnyAsync<Exception>(async () =>
                await client.CallToolAsync(
                    "make_authenticated_request",
                    new Dictionary<string, object?> { ["message"] = "slow" },
                    cancellationToken: impatience.Token
                )
            );
            if (call % 10 == 0)
                await AskAsync(other);
        }

        await AskAsync(client);
        await AskAsync(other);
        Assert.DoesNotContain(server.Log.All, line => line.StartsWith("Error ", StringComparison.Ordinal));
    }

    private static Task<TestServer> StartAsync(StandIn api) =>
        TestServer.StartAsync(("Downstream:BaseAddress", api.Address.AbsoluteUri), ("Limits:McpConcurrentPerUser", "8"));

    private static Task<McpClient> ConnectAsync(CuttingProxy proxy, string token, string revision) =>
        McpClient.CreateAsync(
            new HttpClientTransport(
                new HttpClientTransportOptions
                {
                    Endpoint = new Uri(proxy.Address, "/mcp"),
                    TransportMode = HttpTransportMode.StreamableHttp,
                    AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" },
                }
            ),
            new McpClientOptions { ProtocolVersion = revision },
            cancellationToken: TestContext.Current.CancellationToken
        );

    private static async Task AskAsync(McpClient client)
    {
        var me = await client.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("alice", me.StructuredContent!.Value.GetProperty("userName").GetString());
    }
}
