using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>A refresh token that is presented again: a lost answer or a race within the grace, theft after it.</summary>
public sealed class RefreshReuseTests
{
    private static readonly TimeSpan PastGrace = TimeSpan.FromSeconds(11);

    [Fact]
    public async Task R_02_reuse_after_the_grace_costs_the_whole_family()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (access, refresh) = await client.SignInAsync();
        var other = await client.SignInAsync();
        var second = await RefreshAsync(client, refresh);
        Assert.True(await server.AcceptsAsync(access));

        server.Clock.Advance(PastGrace);
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        Assert.False(await server.AcceptsAsync(access));
        Assert.False(await server.AcceptsAsync(second.Access));
        await (await client.RefreshAsync(second.Refresh)).AssertErrorAsync(400, "invalid_grant");
        await AssertToldOnceAsync(server);
        Assert.True(await server.AcceptsAsync(other.Access));
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(other.Refresh)).StatusCode);
    }

    [Fact]
    public async Task R_02_reuse_of_the_first_of_many_costs_the_family_though_few_are_kept()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (_, first) = await client.SignInAsync();
        var newest = (Access: "", Refresh: first);
        for (var rotation = 0; rotation < 9; rotation++)
            newest = await RefreshAsync(client, newest.Refresh);
        Assert.Equal(6, await client.CountRefreshTokensAsync(server)); // the last five and the live one

        Assert.True(await server.AcceptsAsync(newest.Access));
        await (await client.RefreshAsync(first)).AssertErrorAsync(400, "invalid_grant");
        Assert.False(await server.AcceptsAsync(newest.Access));
        await (await client.RefreshAsync(newest.Refresh)).AssertErrorAsync(400, "invalid_grant");
        await AssertToldOnceAsync(server);
    }

    [Fact]
    public async Task R_03_without_grace_one_of_many_at_once_succeeds()
    {
        await using var server = await TestServer.StartAsync(("OAuth:RefreshGrace", "00:00:00"));
        using var client = await TestClient.RegisterAsync(server);
        var refresh = (await client.SignInAsync()).Refresh;
        var responses = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => client.RefreshAsync(refresh)));
        var winner = Assert.Single(responses, response => response.StatusCode == HttpStatusCode.OK);
        foreach (var loser in responses.Where(response => response != winner))
            await loser.AssertErrorAsync(400, "invalid_grant");
        Assert.Equal(2, await client.CountRefreshTokensAsync(server));
    }

    [Fact]
    public async Task R_04_within_the_grace_all_at_once_get_the_same_successor()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var refresh = (await client.SignInAsync()).Refresh;
        var successors = await Task.WhenAll(Enumerable.Range(0, 32).Select(async _ => (await RefreshAsync(client, refresh)).Refresh));
        var successor = Assert.Single(successors.Distinct());
        Assert.Equal(2, await client.CountRefreshTokensAsync(server));
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(successor)).StatusCode);
    }

    [Fact]
    public async Task R_04_a_used_successor_ends_the_grace()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var first = (await client.SignInAsync()).Refresh;
        var second = await RefreshAsync(client, first);
        var third = await RefreshAsync(client, second.Refresh);

        await (await client.RefreshAsync(first)).AssertErrorAsync(400, "invalid_grant");
        await (await client.RefreshAsync(third.Refresh)).AssertErrorAsync(400, "invalid_grant");
        Assert.False(await server.AcceptsAsync(third.Access));
    }

    [Fact]
    public async Task R_14_a_restart_forgets_no_rotation()
    {
        var (directory, port) = (TestServer.NewDataDirectory(), TestServer.FreePort());
        var before = await TestServer.StartAsync(directory, port);
        using var client = await TestClient.RegisterAsync(before);
        var (access, refresh) = await client.SignInAsync();
        var second = await RefreshAsync(client, refresh);
        await before.StopAsync();

        await using var after = await TestServer.StartAsync(directory, port);
        Assert.True(await after.AcceptsAsync(second.Access));
        after.Clock.Advance(PastGrace);
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        await (await client.RefreshAsync(second.Refresh)).AssertErrorAsync(400, "invalid_grant");
        Assert.False(await after.AcceptsAsync(access));
        Assert.False(await after.AcceptsAsync(second.Access));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public async Task R_15_repeats_a_lost_answer_within_the_grace(int seconds)
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var refresh = (await client.SignInAsync()).Refresh;
        var lost = await RefreshAsync(client, refresh);
        server.Clock.Advance(TimeSpan.FromSeconds(seconds));
        var repeated = await RefreshAsync(client, refresh);
        Assert.Equal(lost.Refresh, repeated.Refresh);
        Assert.True(await server.AcceptsAsync(repeated.Access));
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(repeated.Refresh)).StatusCode);
    }

    [Fact]
    public async Task R_15_does_not_repeat_an_answer_after_the_grace()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var refresh = (await client.SignInAsync()).Refresh;
        await RefreshAsync(client, refresh);
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task R_15_the_grace_is_for_the_owner_alone()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        using var thief = await TestClient.RegisterAsync(server);
        var refresh = (await client.SignInAsync()).Refresh;
        var second = await RefreshAsync(client, refresh);
        await (await thief.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        Assert.True(await server.AcceptsAsync(second.Access));
    }

    private static async Task<(string Access, string Refresh)> RefreshAsync(TestClient client, string refreshToken)
    {
        using var response = await client.RefreshAsync(refreshToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var tokens = await response.JsonAsync();
        return ((string)tokens["access_token"]!, (string)tokens["refresh_token"]!);
    }

    private static async Task AssertToldOnceAsync(TestServer server)
    {
        static bool IsIt(string line) => line.Contains("refresh_reuse", StringComparison.Ordinal);
        await server.Log.NextAsync(IsIt);
        Assert.Single(server.Log.All, IsIt);
    }
}
