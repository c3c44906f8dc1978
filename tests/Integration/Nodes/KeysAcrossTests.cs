using System.Collections.Concurrent;
using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Nodes;

/// <summary>Keys that an operator rotates while both nodes sign, and check what the other has signed.</summary>
[Collection(nameof(ManyNodes))]
public sealed class KeysAcrossTests(SharedCluster shared)
{
    // A key signs after ten minutes. A long run does not wait for that, but longer than a node takes to read the keys.
    private const string SignsSoon =
        "UPDATE oauthmcp.\"SigningKeys\" SET \"ActiveFrom\" = now() + interval '35 seconds' WHERE \"ActiveFrom\" > now() + interval '5 minutes'";

    [Fact]
    public async Task F_28_no_token_fails_while_keys_rotate_under_load()
    {
        using var allowed = await Allowances.StartAsync(shared.Cluster);
        var signedBy = new ConcurrentDictionary<string, bool>();
        var chains = await allowed.RefreshTokensAsync(4);
        var (time, isLong) = (TimeSpan.FromSeconds(Rounds.Of(4, 120)), Rounds.Of(0, 1) > 0);
        await using var load = Load.Start([.. chains.Index().Select(chain => Chain(allowed, chain.Index, chain.Item.Reveal(), signedBy))]);
        for (var until = DateTimeOffset.UtcNow + time; DateTimeOffset.UtcNow < until; )
        {
            await shared.Cluster.RunAsync("keys", "rotate");
            if (isLong)
                await PostgresServer.ExecuteAsync(shared.Cluster.Database, SignsSoon);
            await load.LastAsync(TimeSpan.FromSeconds(2));
        }

        Assert.All(await load.StopAsync(), done => Assert.InRange(done, 5, int.MaxValue));
        if (isLong)
            Assert.InRange(signedBy.Count, 3, int.MaxValue);
    }

    /// <summary>Refreshes at one node after the other, and shows each token to both.</summary>
    private Func<Task> Chain(Allowances allowed, int turn, string refresh, ConcurrentDictionary<string, bool> signedBy) =>
        async () =>
        {
            using var answer = await allowed.At(turn++).RefreshAsync(refresh);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var tokens = await answer.JsonAsync();
            refresh = (string)tokens["refresh_token"]!;
            var access = (string)tokens["access_token"]!;
            signedBy[(string)ForgedToken.Header(access)["kid"]!] = true;
            foreach (var node in shared.Cluster.Nodes)
                Assert.True(await node.AcceptsAsync(access));
        };
}
