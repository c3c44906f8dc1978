using System.Net;
using System.Net.Http.Json;
using Microsoft.Data.Sqlite;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Faults;

/// <summary>A full disk is no fault of the client: nothing is spent, and the server goes on when there is room again.</summary>
public sealed class FullDiskTests(PostgresServer postgres)
{
    [Fact]
    public async Task F_06_on_sqlite()
    {
        Requires.Sqlite();
        using var disk = Requires.Mount("16m");
        var data = Path.Combine(disk.Path, "data");
        await using (var server = await TestServer.StartAsync(data, TestServer.FreePort(), ("OAuth:RefreshGrace", "00:00:00")))
        {
            using var client = await TestClient.RegisterAsync(server);
            var (access, refresh) = await client.SignInAsync();
            var code = await client.CodeAsync();
            disk.Fill();
            // What is in the write-ahead log already may be overwritten, so that a write or two may still succeed.
            Assert.True(await RegisterUntilFullAsync(server));
            using (var refused = await client.RefreshAsync(refresh))
                await AssertUnavailableAsync(refused);
            using (var refused = await client.ExchangeAsync(code))
                await AssertUnavailableAsync(refused);
            using (var refused = await client.RevokeAsync(refresh))
                await AssertUnavailableAsync(refused);
            Assert.True(await server.AnswersAsync(access));
            disk.Free();
            server.Clock.Advance(TimeSpan.FromSeconds(31)); // so that the probe writes
            using (var probe = await client.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken))
                Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
            using var refreshed = await client.RefreshAsync(refresh);
            Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
            using var exchanged = await client.ExchangeAsync(code);
            Assert.Equal(HttpStatusCode.OK, exchanged.StatusCode);
            await using var connection = new SqliteConnection($"Data Source={data}/oauthmcp.db;Pooling=false");
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var check = connection.CreateCommand();
            check.CommandText = "PRAGMA integrity_check";
            Assert.Equal("ok", await check.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task F_06_on_postgresql()
    {
        Requires.Postgres();
        using var disk = Requires.Mount("32m");
        var address = await postgres.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(address, $"CREATE TABLESPACE small LOCATION '{disk.Path}'");
        try
        {
            await PostgresServer.ExecuteAsync(address, "CREATE DATABASE small TABLESPACE small");
            var small = new Npgsql.NpgsqlConnectionStringBuilder(address) { Database = "small" }.ConnectionString;
            await using (var server = await TestServer.StartAsync(("ConnectionStrings:Database", small)))
            {
                using var client = await TestClient.RegisterAsync(server);
                var (_, refresh) = await client.SignInAsync();
                disk.Fill();
                Assert.True(await RegisterUntilFullAsync(server));
                disk.Free();
                using var refreshed = await client.RefreshAsync(refresh);
                Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
                using (await TestClient.RegisterAsync(server)) { }
            }
        }
        finally
        {
            await PostgresServer.ExecuteAsync(address, "DROP DATABASE IF EXISTS small WITH (FORCE)");
            await PostgresServer.ExecuteAsync(address, "DROP TABLESPACE small");
        }
    }

    /// <summary>Until what is left in the files is used up; each answer on the way is a good one.</summary>
    private static async Task<bool> RegisterUntilFullAsync(TestServer server)
    {
        using var http = server.Http();
        for (var registrations = 0; registrations < 3000; registrations++)
        {
            using var answer = await http.PostAsJsonAsync(
                "/register",
                new { redirect_uris = new[] { TestClient.RedirectUri }, client_name = new string('x', 80) },
                TestContext.Current.CancellationToken
            );
            if (answer.StatusCode == HttpStatusCode.Created)
                continue;
            await AssertUnavailableAsync(answer);
            return true;
        }

        return false;
    }

    private static async Task AssertUnavailableAsync(HttpResponseMessage answer)
    {
        await answer.AssertErrorAsync(503, "temporarily_unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
    }
}
