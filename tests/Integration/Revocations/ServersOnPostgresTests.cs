using System.Net;
using Npgsql;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Revocations;

/// <summary>Two servers on one PostgreSQL: what is revoked at one is revoked at the other.</summary>
public sealed class ServersOnPostgresTests
{
    private readonly PostgresServer postgres;
    private readonly string data = TestServer.NewDataDirectory();

    public ServersOnPostgresTests(PostgresServer postgres)
    {
        Requires.Postgres();
        this.postgres = postgres;
    }

    [Fact]
    public async Task B_11_what_one_server_revokes_the_other_refuses_within_a_second()
    {
        var database = await postgres.NewDatabaseAsync();
        await using var one = await StartAsync(database);
        await using var other = await StartAsync(database, one.Issuer);
        using var client = await TestClient.RegisterAsync(one);
        var (_, refresh) = await client.SignInAsync();
        List<TimeSpan> waits = [];
        for (var round = 0; round < 20; round++)
        {
            using var refreshed = await client.RefreshAsync(refresh);
            var tokens = await refreshed.JsonAsync();
            var access = (string)tokens["access_token"]!;
            refresh = (string)tokens["refresh_token"]!;
            Assert.True(await other.AcceptsAsync(access));
            Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(access)).StatusCode);
            waits.Add(await other.RefusesSoonAsync(access));
            Assert.False(await one.AcceptsAsync(access));
        }

        waits.Sort();
        Assert.InRange(waits[waits.Count / 2], TimeSpan.Zero, TimeSpan.FromSeconds(1)); // of all but those that the machine delayed
    }

    [Fact]
    public async Task B_17_a_server_that_is_cut_off_says_503_and_comes_back_knowing_what_it_missed()
    {
        var database = await postgres.NewDatabaseAsync();
        var address = new NpgsqlConnectionStringBuilder(database);
        await using var line = CuttingProxy.Start(new Uri($"http://{address.Host}:{address.Port}"));
        await using var one = await StartAsync(database);
        address.Port = line.Address.Port;
        await using var other = await StartAsync(address.ConnectionString, one.Issuer);
        using var client = await TestClient.RegisterAsync(one);
        var (revoked, kept) = ((await client.SignInAsync()).Access, (await client.SignInAsync()).Access);
        Assert.True(await other.AcceptsAsync(revoked));
        Assert.True(await other.AcceptsAsync(kept));

        line.Silence = TimeSpan.Zero;
        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(revoked)).StatusCode);
        using (var refused = await other.AnswersSoonAsync(revoked, HttpStatusCode.ServiceUnavailable))
            await refused.AssertErrorAsync(503, "temporarily_unavailable");
        await other.Log.NextAsync(text => text.Contains("Revocations cannot be followed", StringComparison.Ordinal));
        Assert.True(await one.AcceptsAsync(kept));

        line.Silence = TimeSpan.MaxValue;
        (await other.AnswersSoonAsync(kept, HttpStatusCode.OK)).Dispose();
        Assert.False(await other.AcceptsAsync(revoked));
        await other.Log.NextAsync(text => text.Contains("Revocations are followed again", StringComparison.Ordinal));
        Assert.Single(other.Log.All, text => text.Contains("Revocations cannot be followed", StringComparison.Ordinal));
        Assert.False(await other.AcceptsAsync(revoked));
    }

    // Both open what the database holds with the keys in one folder.
    private Task<TestServer> StartAsync(string database, string? issuer = null)
    {
        var port = TestServer.FreePort();
        return TestServer.StartAsync(
            data,
            port,
            ("ConnectionStrings:Database", database),
            ("OAuth:PublicUrl", issuer ?? $"http://localhost:{port}")
        );
    }
}
