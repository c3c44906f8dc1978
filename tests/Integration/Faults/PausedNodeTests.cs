using System.Diagnostics;
using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Faults;

/// <summary>A node that stands still while it rotates keeps nobody waiting for long, and its late statement changes nothing.</summary>
public sealed class PausedNodeTests(PostgresServer postgres) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task F_21_another_node_takes_over_from_one_that_is_stopped_while_it_rotates()
    {
        Requires.Postgres();
        await using var proxy = FaultProxy.Start(await postgres.NewDatabaseAsync());
        var (data, port, other) = (Path.Combine(folder.Path, "data"), TestServer.FreePort(), TestServer.FreePort());
        // One data directory for both, which holds the keys alone.
        await using var server = await TestServer.StartAsync(data, port, ("ConnectionStrings:Database", proxy.Server));
        await using var node = await FaultNode.StartAsync(other, server.Address, data, proxy.Address);
        using var client = await TestClient.RegisterAsync(server);
        var (_, refresh) = await client.SignInAsync();

        proxy.Arm(CommitFault.Held);
        using var http = new HttpClient { BaseAddress = node.Address };
        var late = RefreshAsync(http, client.Id, refresh);
        await proxy.Hit.WaitAsync(ServerProcess.Soon, TestContext.Current.CancellationToken);
        Signal(node, "STOP");
        string? successor = null;
        var time = Stopwatch.StartNew();
        while (successor is null)
        {
            Assert.InRange(time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5) + Budget.Recovery);
            using var answer = await client.RefreshAsync(refresh);
            if (answer.StatusCode == HttpStatusCode.OK)
                successor = (string)(await answer.JsonAsync())["refresh_token"]!;
            else
                await answer.AssertErrorAsync(503, "temporarily_unavailable");
        }

        Signal(node, "CONT");
        proxy.Release();
        // It comes within the grace, and so gets what the other node gave, unless it has given up meanwhile.
        var (status, given) = await late;
        Assert.Contains((status, given), new (int, string?)[] { (200, successor), (503, null) });
        using var next = await client.RefreshAsync(successor);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    public void Dispose() => folder.Dispose();

    private static async Task<(int Status, string? Refresh)> RefreshAsync(HttpClient http, string client, string refresh)
    {
        using var form = new FormUrlEncodedContent([
            new("grant_type", "refresh_token"),
            new("refresh_token", refresh),
            new("client_id", client),
        ]);
        using var answer = await http.PostAsync("/token", form, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, (string?)(await answer.JsonAsync())["refresh_token"]);
    }

    private static void Signal(FaultNode node, string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {node.Process.Process.Id}"]);
        kill.WaitForExit();
    }
}
