using System.Net;
using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Nodes;

/// <summary>What may be used once, presented to both nodes at the same moment.</summary>
[Collection(nameof(ManyNodes))]
public sealed class SingleUseTests(SharedCluster shared, UpstreamCluster withoutGrace)
{
    private const int Racers = 8;

    [Fact]
    public async Task T_11_T_13_F_24_of_eight_that_redeem_a_code_one_gets_tokens_and_the_replay_ends_them()
    {
        using var allowed = await Allowances.StartAsync(shared.Cluster);
        await Rounds.EachAsync(await allowed.CodesAsync(Rounds.Of(12, 1000)), async code =>
        {
            var answers = await Rounds.RaceAsync(Racers, racer => allowed.RedeemAsync(racer, code));
            await allowed.AssertDeadAsync(await OnlyAsync(answers, 400, "invalid_grant"));
        });
    }

    [Fact]
    public async Task R_03_of_eight_that_refresh_without_grace_one_gets_tokens_and_the_replay_ends_them()
    {
        using var allowed = await Allowances.StartAsync(withoutGrace.Cluster);
        await Rounds.EachAsync(await allowed.RefreshTokensAsync(Rounds.Of(12, 1000)), async token =>
        {
            var answers = await Rounds.RaceAsync(Racers, racer => allowed.RefreshAsync(racer, token));
            await allowed.AssertDeadAsync(await OnlyAsync(answers, 400, "invalid_grant"));
        });
    }

    [Fact]
    public async Task R_04_F_25_eight_that_refresh_within_the_grace_get_one_and_the_same_successor()
    {
        using var allowed = await Allowances.StartAsync(shared.Cluster);
        await Rounds.EachAsync(await allowed.RefreshTokensAsync(Rounds.Of(12, 1000)), async token =>
        {
            var answers = await Rounds.RaceAsync(Racers, racer => allowed.RefreshAsync(racer, token));
            var tokens = new List<JsonObject>();
            foreach (var answer in answers)
            {
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                tokens.Add(await answer.JsonAsync());
            }

            var successor = Assert.Single(tokens.Select(found => (string)found["refresh_token"]!).Distinct());
            Assert.Equal(2, await allowed.CountAsync(token));
            for (var node = 0; node < 2; node++)
                Assert.True(await shared.Cluster.Nodes[node].AcceptsAsync((string)tokens[node + 1]["access_token"]!));
            using var next = await allowed.At(1).RefreshAsync(successor);
            Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        });
    }

    [Fact]
    public async Task R_12_F_25_after_a_revocation_that_met_refreshes_nothing_of_the_family_lives()
    {
        using var allowed = await Allowances.StartAsync(shared.Cluster);
        var rounds = (await allowed.RefreshTokensAsync(Rounds.Of(12, 1000))).Index();
        await Rounds.EachAsync(rounds, async round =>
        {
            var (number, token) = round;
            var answers = await Rounds.RaceAsync(5, racer =>
                racer == 0 ? allowed.At(number).RevokeAsync(token.Reveal()) : allowed.RefreshAsync(racer, token)
            );
            Assert.Equal(HttpStatusCode.OK, answers[0].StatusCode);
            foreach (var refreshed in answers.Skip(1))
                if (refreshed.StatusCode == HttpStatusCode.OK)
                    await allowed.AssertDeadAsync(refreshed);
                else
                    await refreshed.AssertErrorAsync(400, "invalid_grant");
        });
    }

    [Fact]
    public async Task T_19_of_eight_with_one_assertion_one_is_let_in()
    {
        var nodes = shared.Cluster.Nodes;
        using var first = new TestClient(nodes[0], SharedCluster.Signer, null, "private_key_jwt");
        using var second = new TestClient(nodes[1], SharedCluster.Signer, null, "private_key_jwt");
        await Rounds.EachAsync(Enumerable.Range(0, Rounds.Of(12, 1000)), async _ =>
        {
            var assertion = ClientKey.Fields(ForgedToken.Assemble(ClientKey.Header(), Claims(), shared.Key.Sign));
            var answers = await Rounds.RaceAsync(Racers, racer => (racer % 2 == 0 ? first : second).AskAsMachineAsync(assertion));
            await OnlyAsync(answers, 401, "invalid_client");
        });
    }

    private static async Task<HttpResponseMessage> OnlyAsync(IReadOnlyList<HttpResponseMessage> answers, int status, string error)
    {
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.OK))
            await refused.AssertErrorAsync(status, error);
        return Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
    }

    private JsonObject Claims() =>
        new()
        {
            ["iss"] = SharedCluster.Signer,
            ["sub"] = SharedCluster.Signer,
            ["aud"] = shared.Cluster.Balancer.Issuer,
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            ["exp"] = DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeSeconds(),
        };
}
