using System.Net;
using OAuthMcp.Integration.Flood;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Nodes;

/// <summary>One node after the other is stopped and started again, while clients go on as if nothing were.</summary>
[Collection(nameof(ManyNodes))]
public sealed class RollingRestartTests(SharedCluster shared)
{
    [Fact]
    public async Task F_35_F_47_a_rolling_restart_under_load_fails_no_request()
    {
        var balancer = shared.Cluster.Balancer;
        using var http = balancer.Http();
        using var client = await TestClient.RegisterAsync(balancer);
        using var caller = new HonestClient(balancer.Address, "alice");
        await caller.SignInAsync();
        var (_, refresh) = await client.SignInAsync();
        await using var load = Load.Start(
            caller.CallAsync,
            async () =>
            {
                using var answer = await client.RefreshAsync(refresh);
                Assert.True(answer.StatusCode == HttpStatusCode.OK, await TextAsync(answer));
                refresh = (string)(await answer.JsonAsync())["refresh_token"]!;
            },
            async () =>
            {
                using var answer = await http.GetAsync("/.well-known/oauth-protected-resource", TestContext.Current.CancellationToken);
                Assert.True(answer.StatusCode == HttpStatusCode.OK, await TextAsync(answer));
            },
            async () =>
            {
                using var newcomer = new HonestClient(balancer.Address, "bob");
                await newcomer.SignInAsync();
                await newcomer.CallAsync();
            }
        );
        for (var round = 0; round < Rounds.Of(1, 5); round++)
            foreach (var node in shared.Cluster.Nodes)
            {
                await node.StopAsync();
                await node.StartAsync();
                await load.LastAsync(TimeSpan.FromSeconds(1)); // the load balancer finds it again, and it serves
            }

        Assert.All(await load.StopAsync(), done => Assert.InRange(done, 3, int.MaxValue));
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
