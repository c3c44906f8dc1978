using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Npgsql;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The program on PostgreSQL, as its operator and its clients meet it.</summary>
public sealed class PostgresTests : IDisposable
{
    private readonly PostgresServer postgres;
    private readonly TemporaryFolder folder = new();

    public PostgresTests(PostgresServer postgres)
    {
        Requires.Postgres();
        this.postgres = postgres;
    }

    [Fact]
    public async Task Serves_a_client_from_registration_to_revocation_and_over_a_restart()
    {
        var (database, data, port) = (await postgres.NewDatabaseAsync(), TestServer.NewDataDirectory(), TestServer.FreePort());
        var first = await StartAsync(data, port, database);
        using var before = await TestClient.RegisterAsync(first, ("token_endpoint_auth_method", "client_secret_basic"));
        var (access, refresh) = await before.SignInAsync();
        Assert.True(await first.AcceptsAsync(access));
        using var rotated = await before.RefreshAsync(refresh);
        refresh = (string)(await rotated.JsonAsync())["refresh_token"]!;
        await first.StopAsync();

        await using var second = await StartAsync(data, port, database);
        using var after = new TestClient(second, before.Id, before.Secret, "client_secret_basic");
        using var refreshed = await after.RefreshAsync(refresh);
        var tokens = await refreshed.JsonAsync();
        await using (var caller = await Callers.ConnectAsync(second, (string)tokens["access_token"]!))
            Assert.NotEqual(
                true,
                (await caller.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken)).IsError
            );
        using var revoked = await after.RevokeAsync((string)tokens["refresh_token"]!);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        await (await after.RefreshAsync((string)tokens["refresh_token"]!)).AssertErrorAsync(400, "invalid_grant");
        Assert.False(await second.AcceptsAsync((string)tokens["access_token"]!));
    }

    [Fact]
    public async Task Waits_for_another_transaction_for_two_seconds_and_answers_503()
    {
        var database = await postgres.NewDatabaseAsync();
        await using var server = await StartAsync(TestServer.NewDataDirectory(), TestServer.FreePort(), database);
        using var client = await TestClient.RegisterAsync(server);
        var (_, refresh) = await client.SignInAsync();
        await using (var other = new NpgsqlConnection(database + ";Pooling=false"))
        {
            await other.OpenAsync(TestContext.Current.CancellationToken);
            await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand("LOCK TABLE oauthmcp.\"RefreshTokens\" IN EXCLUSIVE MODE", other, transaction);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            var time = Stopwatch.StartNew();
            using var refused = await client.RefreshAsync(refresh);
            await refused.AssertErrorAsync(503, "temporarily_unavailable");
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.InRange(time.Elapsed, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(30));
        }

        using var answer = await client.RefreshAsync(refresh);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Answers_no_503_to_a_text_that_the_database_could_not_store()
    {
        await using var server = await StartAsync(TestServer.NewDataDirectory(), TestServer.FreePort(), await postgres.NewDatabaseAsync());
        using var http = server.Http();
        using var page = await http.GetAsync("/authorize?response_type=code&client_id=cli%00", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, page.StatusCode);
        using var registered = await http.PostAsJsonAsync(
            "/register",
            new { redirect_uris = new[] { TestClient.RedirectUri }, client_name = "A\0B" },
            TestContext.Current.CancellationToken
        );
        Assert.InRange((int)registered.StatusCode, 200, 499);
    }

    [Fact]
    public async Task Migrates_once_when_two_begin_together_and_refuses_the_database_of_a_newer_version()
    {
        var database = await postgres.NewDatabaseAsync();
        var runs = await Task.WhenAll(MigrateAsync(database), MigrateAsync(database));
        Assert.All(runs, run => Assert.Equal((0, "The database is up to date.\n"), (run.ExitCode, run.Output)));

        await AddMigrationAsync(database, "29990101000000_ExpandLater"); // which only adds
        Assert.Equal(0, (await MigrateAsync(database)).ExitCode);
        await AddMigrationAsync(database, "29990101000000_Later");
        var (exitCode, _, error) = await MigrateAsync(database);
        Assert.Equal(
            (
                1,
                "ConnectionStrings:Database: a newer version of this program made it (29990101000000_Later); use that version, or a backup from before.\n"
            ),
            (exitCode, error)
        );
    }

    public void Dispose() => folder.Dispose();

    private static Task AddMigrationAsync(string database, string name) =>
        PostgresServer.ExecuteAsync(database, $"INSERT INTO oauthmcp.\"__EFMigrationsHistory\" VALUES ('{name}', '99.0')");

    private static Task<TestServer> StartAsync(string data, int port, string database) =>
        TestServer.StartAsync(data, port, ("ConnectionStrings:Database", database));

    private Task<(int ExitCode, string Output, string Error)> MigrateAsync(string database) =>
        ServerProcess.RunAsync([
            "migrate",
            "--database",
            database,
            $"--Server:DataDirectory={Path.Combine(folder.Path, Path.GetRandomFileName())}",
            $"--Protection:KeyFile={PostgresServer.KeyFile}",
        ]);
}
