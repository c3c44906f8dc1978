using Microsoft.EntityFrameworkCore;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>A token that was renewed at the provider, where the old one is used up, and that the database does not take.</summary>
public sealed class RenewalStorageTests
{
    private static readonly string Fill = ChosenDatabase.IsPostgres
        ? """
            CREATE FUNCTION oauthmcp.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk full'; END $$;
            CREATE TRIGGER DiskFull BEFORE UPDATE OF "SealedAccessToken" ON oauthmcp."UpstreamTokens" FOR EACH ROW
                EXECUTE FUNCTION oauthmcp.full();
            """
        : "CREATE TRIGGER DiskFull BEFORE UPDATE OF SealedAccessToken ON UpstreamTokens BEGIN SELECT RAISE(ABORT, 'disk full'); END";
    private static readonly string Empty = ChosenDatabase.IsPostgres
        ? "DROP TRIGGER DiskFull ON oauthmcp.\"UpstreamTokens\"; DROP FUNCTION oauthmcp.full()"
        : "DROP TRIGGER DiskFull";
    private const string Kept = "The renewed GitHub token could not be stored. It is kept; try again in a moment.";

    [Fact]
    public async Task R_19_keeps_a_renewed_token_until_it_is_stored()
    {
        await using var upstream = await ExpiredAsync();
        await RunAsync(upstream, Fill);
        for (var calls = 0; calls < 3; calls++)
        {
            var result = await upstream.CallAsync(upstream.Token);
            Assert.True(result.IsError);
            Assert.Equal(Kept, result.TextOf());
            upstream.Server.Clock.Advance(TimeSpan.FromMinutes(1)); // longer than anybody holds the right to renew
        }

        await RunAsync(upstream, Empty);
        Assert.NotEqual(true, (await upstream.CallAsync(upstream.Token)).IsError);
        Assert.Equal(1, upstream.Provider.Renewals);
        Assert.Equal(Person.Octocat, upstream.Provider.OwnerOf(Assert.Single(upstream.Arrived)));
        Assert.True(await upstream.Server.AcceptsAsync(upstream.Token));
    }

    [Fact]
    public async Task R_19_stores_it_as_soon_as_that_works_though_the_user_does_not_come_back()
    {
        await using var upstream = await ExpiredAsync();
        await RunAsync(upstream, Fill);
        await upstream.CallAsync(upstream.Token);
        await RunAsync(upstream, Empty);
        upstream.Server.Clock.Advance(TimeSpan.FromSeconds(10));
        await upstream.Server.Log.NextAsync(line => line.Contains("is stored now", StringComparison.Ordinal));
        var expiry = await upstream.Server.InDatabaseAsync(db =>
            db.UpstreamTokens.Select(token => token.ExpiresAt).SingleAsync(TestContext.Current.CancellationToken)
        );
        Assert.True(expiry > upstream.Server.Clock.GetUtcNow());
    }

    [Fact]
    public async Task M2_stores_at_the_end_of_the_server_what_could_not_be_stored_before()
    {
        await using var upstream = await ExpiredAsync();
        await RunAsync(upstream, Fill);
        await upstream.CallAsync(upstream.Token);
        await RunAsync(upstream, Empty);
        await upstream.Server.App.StopAsync(TestContext.Current.CancellationToken);
        Assert.Contains(upstream.Server.Log.All, line => line.Contains("is stored now", StringComparison.Ordinal));
    }

    [Fact]
    public async Task R_19_ends_it_at_the_provider_when_the_account_is_unlinked_before_it_can_be_stored()
    {
        await using var upstream = await ExpiredAsync();
        await RunAsync(upstream, Fill);
        await upstream.CallAsync(upstream.Token);
        var kept = Assert.Single(upstream.Provider.AccessTokens);
        await UnlinkTests.UnlinkAsync(upstream, upstream.Token, "github");
        Assert.Equal(Person.Octocat, upstream.Provider.OwnerOf(kept));

        upstream.Server.Clock.Advance(TimeSpan.FromSeconds(10));
        await upstream.Server.Log.NextAsync(line => line.Contains("of no use any more", StringComparison.Ordinal));
        Assert.Null(upstream.Provider.OwnerOf(kept));
    }

    [Fact]
    public async Task F_43_keeps_it_through_a_locked_database_too()
    {
        await using var upstream = await ExpiredAsync();
        Outage? outage = null;
        upstream.Provider.Before = async path =>
        {
            if (path == GitHubStandIn.TokenPath)
                outage = await Outage.OfWritesAsync(upstream.Server);
        };
        var result = await upstream.CallAsync(upstream.Token);
        Assert.Equal(Kept, result.TextOf());
        outage!.Dispose();
        Assert.NotEqual(true, (await upstream.CallAsync(upstream.Token)).IsError);
        Assert.Equal(1, upstream.Provider.Renewals);
    }

    [Fact]
    public async Task F_43_lets_a_new_link_win_over_what_was_kept()
    {
        await using var upstream = await ExpiredAsync();
        await RunAsync(upstream, Fill);
        await upstream.CallAsync(upstream.Token);
        await RunAsync(upstream, Empty);
        upstream.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        await upstream.SignInAsync();
        var linked = upstream.Provider.AccessTokens.Count;
        Assert.NotEqual(true, (await upstream.CallAsync(upstream.Token)).IsError);
        Assert.Equal((2, 1), (linked, upstream.Provider.Renewals)); // the one that was kept is good too, and is not used
    }

    [Fact]
    public async Task Says_so_when_the_database_cannot_be_asked_and_sends_no_token()
    {
        await using var upstream = await ExpiredAsync();
        await using var client = await Callers.ConnectAsync(upstream.Server, upstream.Token);
        using (await Outage.OfWritesAsync(upstream.Server))
        {
            var result = await client.MakeRequestAsync("hello");
            Assert.True(result.IsError);
            Assert.DoesNotContain("The API at", result.TextOf(), StringComparison.Ordinal); // whose fault it is not
        }

        Assert.Empty(upstream.Arrived);
        Assert.Equal(0, upstream.Provider.Renewals);
        Assert.NotEqual(true, (await client.MakeRequestAsync("hello")).IsError);
    }

    private static async Task<UpstreamServer> ExpiredAsync()
    {
        var upstream = await UpstreamServer.ExpiringAsync();
        upstream.Provider.RevokesOnReuse = true;
        upstream.Token = await upstream.SignInAsync();
        upstream.Server.Clock.Advance(TimeSpan.FromHours(8));
        return upstream;
    }

    private static Task<int> RunAsync(UpstreamServer upstream, string sql) =>
        upstream.Server.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync(sql, TestContext.Current.CancellationToken));
}
