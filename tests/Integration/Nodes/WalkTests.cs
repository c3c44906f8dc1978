using OAuthMcp.Integration.Flows;
using OAuthMcp.Integration.Hosting;
using OAuthMcp.Integration.Samples;

namespace OAuthMcp.Integration.Nodes;

/// <summary>Clients behind a load balancer without stickiness: each step meets another node than the step before.</summary>
[Collection(nameof(ManyNodes))]
public sealed class WalkTests(SharedCluster shared)
{
    private readonly LoadBalancer balancer = shared.Cluster.Balancer;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task F_47_the_official_client_signs_in_and_calls_refreshes_and_revokes(int first)
    {
        balancer.Restart(first);
        using var browser = balancer.Browser();
        var tokens = new OfficialClient.Tokens();
        await using (var client = await OfficialClient.ConnectAsync(balancer, browser, tokens, "2026-07-28"))
        {
            Assert.Equal(3, (await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Count);
            for (var calls = 0; calls < 4; calls++)
                Assert.Contains("hello", (await client.MakeRequestAsync("hello")).TextOf(), StringComparison.Ordinal);
        }

        var kept = tokens.Current!;
        using var owner = new TestClient(balancer, kept.ClientId!, kept.ClientSecret, kept.TokenEndpointAuthMethod!);
        var refresh = kept.RefreshToken!;
        for (var refreshes = 0; refreshes < 3; refreshes++)
            refresh = (string)(await (await owner.RefreshAsync(refresh)).JsonAsync())["refresh_token"]!;
        (await owner.RevokeAsync(refresh)).EnsureSuccessStatusCode();
        await (await owner.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        AssertInTurn("/register", "/authorize", "/signin", "/consent", "/token", "/mcp", "/revoke");
    }

    [Fact]
    public async Task F_47_so_does_the_sample_client()
    {
        balancer.Restart(0);
        using var client = new SampleClient();
        var signedIn = await client.SignInAsync(balancer);
        Assert.True(signedIn.Run.ExitCode == 0, signedIn.Run.Error);
        Assert.Contains("alice", await client.AnswerAsync(balancer.Resource, "call", "who_am_i"), StringComparison.Ordinal);
        var logout = await client.RunAsync(balancer.Resource, "logout");
        Assert.True(logout.ExitCode == 0, logout.Error);
        AssertInTurn("/register", "/authorize", "/signin", "/consent", "/token", "/mcp", "/revoke");
    }

    private void AssertInTurn(params string[] paths)
    {
        var served = balancer.Served.ToList();
        Assert.Empty(paths.Except(served.Select(request => request.Path)));
        var together = served.Zip(served.Skip(1)).Count(pair => pair.First.Node == pair.Second.Node);
        Assert.InRange(together, 0, 1); // a late request of an earlier client may have come between two
    }
}
