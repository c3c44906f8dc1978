using System.Net;
using System.Text.Json.Nodes;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Keys;
using OAuthMcp.Infrastructure.Keys;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Nodes;

/// <summary>Nodes whose clocks differ, and what takes minutes: two servers in this process, whose clocks the tests move.</summary>
[Collection(nameof(ManyNodes))]
public sealed class ClocksTests(TwoClocks clocks) : IClassFixture<TwoClocks>
{
    private static readonly TimeSpan KeyInterval = TimeSpan.FromSeconds(30);

    private readonly IReadOnlyList<TestServer> nodes = clocks.Nodes;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task F_22_nodes_whose_clocks_are_half_a_minute_apart_serve_each_others_users(int ahead)
    {
        clocks.Set(ahead, TimeSpan.FromSeconds(30));
        for (var first = 0; first < 2; first++)
        {
            var (here, there) = (nodes[first], nodes[1 - first]);
            using var client = await TestClient.RegisterAsync(nodes[0]);
            using var elsewhere = new TestClient(there, client.Id, null, "none");
            var code = await elsewhere.CodeAsync("alice", ("resource", null), ("code_challenge", client.Challenge));
            using var at = new TestClient(here, client.Id, null, "none");
            using var redeemed = await at.ExchangeAsync(code, ("resource", null), ("code_verifier", client.Verifier));
            var tokens = await AssertGoodAsync(redeemed);
            using var refreshed = await elsewhere.RefreshAsync((string)tokens["refresh_token"]!);
            tokens = await AssertGoodAsync(refreshed);
            using var again = await at.RefreshAsync((string)tokens["refresh_token"]!);
            tokens = await AssertGoodAsync(again);
            using var revoked = await at.RevokeAsync((string)tokens["access_token"]!);
            Assert.False(await here.AcceptsAsync((string)tokens["access_token"]!));
            Assert.InRange(await there.RefusesSoonAsync((string)tokens["access_token"]!), TimeSpan.Zero, ServerProcess.Soon);
        }
    }

    [Fact]
    public async Task F_28_a_node_that_reads_the_keys_half_a_minute_later_verifies_what_the_other_signs()
    {
        using var client = await TestClient.RegisterAsync(nodes[0]);
        var (access, refresh) = await client.SignInAsync();
        clocks.Set(1, TimeSpan.FromSeconds(20));
        var signedBy = new HashSet<string>();
        for (var step = 0; step < 50; step++) // 25 minutes, and a new key at each
        {
            await RotateAsync(nodes[step % 2]);
            foreach (var node in nodes)
                node.Clock.Advance(KeyInterval);
            foreach (var (late, early) in new[] { (nodes[step % 2], nodes[1 - step % 2]), (nodes[1 - step % 2], nodes[step % 2]) })
            {
                await ReadKeysAsync(early);
                using var at = new TestClient(early, client.Id, null, "none");
                using var answer = await at.RefreshAsync(refresh);
                var tokens = await AssertGoodAsync(answer, late);
                (access, refresh) = ((string)tokens["access_token"]!, (string)tokens["refresh_token"]!);
                signedBy.Add((string)ForgedToken.Header(access)["kid"]!);
            }
        }

        Assert.InRange(signedBy.Count, 25, 50);
    }

    /// <summary>Good at both nodes, or at the one that is asked.</summary>
    private async Task<JsonObject> AssertGoodAsync(HttpResponseMessage answer, TestServer? only = null)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var tokens = await answer.JsonAsync();
        foreach (var node in only is null ? nodes : [only])
            Assert.True(await node.AcceptsAsync((string)tokens["access_token"]!));
        return tokens;
    }

    private static async Task RotateAsync(TestServer node)
    {
        await using var scope = node.App.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new RotateKeysCommand(), TestContext.Current.CancellationToken);
    }

    // The look that a node takes each half minute, taken here: a clock that moves while the node is at something else passes its
    // timer by.
    private static Task ReadKeysAsync(TestServer node) =>
        node.App.Services.GetRequiredService<SigningKeyReader>().ReadAsync(TestContext.Current.CancellationToken);
}
