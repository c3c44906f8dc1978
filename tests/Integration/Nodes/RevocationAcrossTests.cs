using System.Diagnostics;
using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Nodes;

/// <summary>What one node, or a verb, takes back is refused by every node within a second, even where it was just let in.</summary>
[Collection(nameof(ManyNodes))]
public sealed class RevocationAcrossTests(SharedCluster shared)
{
    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task V_01_B_11_a_grant_or_a_token_that_one_node_revoked_is_refused_by_the_other()
    {
        using var allowed = await Allowances.StartAsync(shared.Cluster);
        foreach (var (round, refresh) in (await allowed.RefreshTokensAsync(Rounds.Of(20, 200))).Index())
        {
            var access = await AccessAsync(allowed, round, refresh.Reveal());
            using var revoked = await allowed.At(round).RevokeAsync(round % 4 < 2 ? refresh.Reveal() : access);
            Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
            await AssertRefusedAsync(shared.Cluster.Nodes[(round + 1) % 2], access);
            Assert.False(await shared.Cluster.Nodes[round % 2].AcceptsAsync(access));
        }
    }

    [Theory]
    [InlineData("users disable carol")] // whom no other test needs
    [InlineData("clients delete {client}")]
    public async Task B_11_who_was_shut_out_by_a_verb_is_refused_by_every_node(string verb)
    {
        using var allowed = await Allowances.StartAsync(shared.Cluster, verb.Split(' ')[^1] == "carol" ? "carol" : "alice");
        var access = await AccessAsync(allowed, 0, (await allowed.RefreshTokensAsync(1))[0].Reveal());
        await shared.Cluster.RunAsync(verb.Replace("{client}", allowed.At(0).Id, StringComparison.Ordinal).Split(' '));
        await Task.WhenAll(shared.Cluster.Nodes.Select(node => AssertRefusedAsync(node, access)));
    }

    [Fact]
    public async Task L5_the_tokens_of_a_key_that_was_withdrawn_are_refused_by_every_node()
    {
        using var allowed = await Allowances.StartAsync(shared.Cluster);
        var access = await AccessAsync(allowed, 0, (await allowed.RefreshTokensAsync(1))[0].Reveal());
        await shared.Cluster.RunAsync("keys", "revoke", (string)ForgedToken.Header(access)["kid"]!);
        await Task.WhenAll(shared.Cluster.Nodes.Select(node => AssertRefusedAsync(node, access)));
    }

    /// <summary>A token that both nodes have let in.</summary>
    private async Task<string> AccessAsync(Allowances allowed, int node, string refresh)
    {
        using var answer = await allowed.At(node).RefreshAsync(refresh);
        var access = (string)(await answer.JsonAsync())["access_token"]!;
        foreach (var each in shared.Cluster.Nodes)
            Assert.True(await each.AcceptsAsync(access));
        return access;
    }

    private static async Task AssertRefusedAsync(Node node, string access)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var asked = waited.Elapsed;
            if (!await node.AcceptsAsync(access))
                return;
            Assert.InRange(asked, TimeSpan.Zero, Latest);
        }
    }
}
