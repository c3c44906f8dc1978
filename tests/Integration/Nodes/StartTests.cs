using Microsoft.EntityFrameworkCore;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Nodes;

/// <summary>Two that are started at the same moment, where nobody was before.</summary>
[Collection(nameof(ManyNodes))]
public sealed class StartTests(UpstreamCluster started, PostgresServer postgres)
{
    [Fact]
    public async Task F_33_two_that_started_at_once_made_one_key_and_each_account_once_and_both_serve()
    {
        await AssertOneAsync(started.Cluster);
        for (var round = 0; round < Rounds.Of(0, 10); round++)
        {
            await using var cluster = await Cluster.StartAsync(postgres);
            await AssertOneAsync(cluster);
        }
    }

    private static async Task AssertOneAsync(Cluster cluster)
    {
        var keys = await Task.WhenAll(cluster.Nodes.Select(KeysAsync));
        Assert.Equal(keys[0], keys[1]);
        await using (var db = Databases.Context(cluster.Database))
        {
            Assert.Equal(1, await db.SigningKeys.CountAsync(TestContext.Current.CancellationToken));
            var names = await db.Users.Select(user => user.UserName!).ToListAsync(TestContext.Current.CancellationToken);
            Assert.Equal(Cluster.Users, names.Where(name => !name.Contains('@')).Order()); // others came from a provider
        }

        foreach (var (index, node) in cluster.Nodes.Index())
        {
            using var client = await TestClient.RegisterAsync(node);
            var (access, _) = await client.SignInAsync(index == 0 ? "alice" : "bob");
            Assert.True(await cluster.Nodes[1 - index].AcceptsAsync(access));
            Assert.DoesNotContain("Command execution", node.Log, StringComparison.Ordinal); // a line for each statement
        }
    }

    private static async Task<string> KeysAsync(Node node)
    {
        using var http = node.Http();
        return await http.GetStringAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken);
    }
}
