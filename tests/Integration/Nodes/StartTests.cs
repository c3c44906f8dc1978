using Microsoft.EntityFrameworkCore;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Nodes;

/// <summary>Two that are started at the same moment, where nobody was before.</summary>
[Collection(nameof(ManyNodes))]
public sealed class StartTests(PostgresServer postgres)
{
    [Fact]
    public async Task F_33_two_that_start_at_once_make_one_key_and_each_account_once_and_both_serve()
    {
        Requires.Postgres();
        for (var round = 0; round < Rounds.Of(1, 10); round++)
        {
            await using var cluster = await Cluster.StartAsync(postgres);
            var keys = await Task.WhenAll(cluster.Nodes.Select(KeysAsync));
            Assert.Equal(keys[0], keys[1]);
            await using (var db = Databases.Context(cluster.Database))
            {
                Assert.Equal(1, await db.SigningKeys.CountAsync(TestContext.Current.CancellationToken));
                var names = await db.Users.Select(user => user.UserName).ToListAsync(TestContext.Current.CancellationToken);
                Assert.Equal(["alice", "bob"], names.Order());
            }

            foreach (var (index, node) in cluster.Nodes.Index())
            {
                using var client = await TestClient.RegisterAsync(node);
                var (access, _) = await client.SignInAsync(index == 0 ? "alice" : "bob");
                Assert.True(await cluster.Nodes[1 - index].AcceptsAsync(access));
                Assert.DoesNotContain("Command execution", node.Log, StringComparison.Ordinal); // a line for each statement
            }
        }
    }

    private static async Task<string> KeysAsync(Node node)
    {
        using var http = node.Http();
        return await http.GetStringAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken);
    }
}
