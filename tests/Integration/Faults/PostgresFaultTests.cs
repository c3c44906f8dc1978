using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Faults;

/// <summary>What the program does while PostgreSQL is not there, not well or not willing, and how soon it serves again.</summary>
public sealed class PostgresFaultTests
{
    public PostgresFaultTests() => Requires.Postgres();

    [Fact]
    public async Task F_12_starts_without_its_database_and_serves_when_it_appears()
    {
        await using var postgres = new PostgresServer();
        var database = await postgres.NewDatabaseAsync();
        await postgres.KillAsync();
        await using var server = await StartAsync(database);
        using var http = server.Http();

        Assert.Equal(200, await StatusAsync(http, "/health/live"));
        await AssertNotReadyAsync(http, "starting", "The database server does not answer.");
        await AssertServesWithoutDatabaseAsync(http);
        Assert.Equal(503, await StatusAsync(http, "/.well-known/jwks.json")); // no keys are no empty list of keys
        Assert.Equal(503, await StatusAsync(http, "/signin"));
        using (var refused = await server.PostMcpAsync("anything"))
            await AssertUnavailableAsync(refused);

        await postgres.StartAsync();
        await UntilAsync(async () => await StatusAsync(http, "/health/ready") == 200);
        using var client = await TestClient.RegisterAsync(server);
        Assert.True(await server.AcceptsAsync((await client.SignInAsync()).Access));
    }

    [Fact]
    public async Task F_12_ends_cleanly_when_it_is_told_so_while_it_waits()
    {
        using var folder = new TemporaryFolder();
        var port = TestServer.FreePort();
        await using var node = await FaultNode.StartAsync(
            port,
            new Uri($"http://localhost:{port}"),
            folder.Path,
            $"Host=127.0.0.1;Port={TestServer.FreePort()};Database=none;Username=nobody"
        );
        node.Process.Terminate();
        await node.Process.ExitAsync();
        Assert.Equal((0, ""), (node.Process.Process.ExitCode, node.Process.Error));
    }

    [Fact]
    public async Task F_13_answers_503_while_the_database_is_gone_and_goes_on_when_it_is_back()
    {
        await using var postgres = new PostgresServer();
        await using var server = await StartAsync(await postgres.NewDatabaseAsync());
        using var client = await TestClient.RegisterAsync(server);
        var (access, refresh) = await client.SignInAsync();
        var code = await client.CodeAsync();
        using var browser = server.Browser();
        await browser.AllowAsync(client.AuthorizationUrl());
        Assert.DoesNotContain(503, await ManyAsync(client)); // so that the pool holds more than one connection that will be dead
        await postgres.KillHardAsync();

        foreach (var refused in await AskAsync(server, client, access, refresh, code))
            using (refused)
                await AssertUnavailableAsync(refused);
        await AssertNotReadyAsync(client.Http, "database unavailable", "The database server does not answer.");
        await AssertServesWithoutDatabaseAsync(client.Http);
        Assert.Equal(200, await StatusAsync(client.Http, "/.well-known/jwks.json"));
        Assert.Equal(200, await StatusAsync(client.Http, "/signin"));
        await browser.OpenAsync("/");
        Assert.Equal(HttpStatusCode.OK, browser.Response.StatusCode); // for whoever is signed in too
        await browser.OpenAsync("/connections");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, browser.Response.StatusCode);

        await postgres.StartAsync();
        await UntilAsync(async () =>
        {
            using var answer = await client.RefreshAsync(refresh);
            return await IsServedAsync(answer);
        });
        Assert.DoesNotContain(503, await ManyAsync(client));
        Assert.True(await server.AcceptsAsync(access));
        Assert.Equal(200, await StatusAsync(client.Http, "/health/ready"));
        await browser.OpenAsync("/connections");
        Assert.Equal(HttpStatusCode.OK, browser.Response.StatusCode); // nobody was signed out
        using var exchanged = await client.ExchangeAsync(code);
        Assert.Equal(HttpStatusCode.OK, exchanged.StatusCode);
    }

    [Fact]
    public async Task F_14_answers_within_three_seconds_while_the_database_is_frozen()
    {
        await using var postgres = new PostgresServer();
        await using var server = await TestServer.StartAsync(("ConnectionStrings:Database", await postgres.NewDatabaseAsync()));
        using var client = await TestClient.RegisterAsync(server);
        var (access, refresh) = await client.SignInAsync();
        var code = await client.CodeAsync();
        await postgres.FreezeAsync();
        try
        {
            // More than the pool holds, twice: what waits for a connection ends in time too, and nothing is left behind.
            for (var wave = 0; wave < 2; wave++)
            {
                var time = Stopwatch.StartNew();
                var asked = Enumerable.Range(0, 12).Select(_ => AskAsync(server, client, access, refresh, code));
                foreach (var refused in (await Task.WhenAll(asked)).SelectMany(answers => answers))
                    using (refused)
                        await AssertUnavailableAsync(refused);
                Assert.InRange(time.Elapsed, TimeSpan.Zero, Budget.Request);
            }

            await AssertNotReadyAsync(client.Http, "database unavailable", "The database server does not answer.");
            await AssertServesWithoutDatabaseAsync(client.Http);
        }
        finally
        {
            await postgres.ThawAsync();
        }

        await UntilAsync(async () =>
        {
            using var answer = await client.RefreshAsync(refresh);
            return await IsServedAsync(answer);
        });
        using var exchanged = await client.ExchangeAsync(code);
        Assert.Equal(HttpStatusCode.OK, exchanged.StatusCode);
    }

    [Fact]
    public async Task F_15_a_database_that_takes_no_writes_is_no_fault_of_the_client()
    {
        await using var postgres = new PostgresServer();
        var database = await postgres.NewDatabaseAsync();
        await using var server = await StartAsync(database);
        using var client = await TestClient.RegisterAsync(server);
        var (access, refresh) = await client.SignInAsync();
        await PostgresServer.ExecuteAsync(database, "ALTER SYSTEM SET default_transaction_read_only = on");
        await PostgresServer.ExecuteAsync(database, "SELECT pg_reload_conf()");
        await UntilAsync(async () => await StatusAsync(client.Http, "/health/ready") == 503);
        await AssertNotReadyAsync(client.Http, "database unavailable", "The database is read-only.");
        using (var refused = await client.RefreshAsync(refresh))
            await AssertUnavailableAsync(refused);
        using (var refused = await client.RevokeAsync(refresh))
            await AssertUnavailableAsync(refused);
        Assert.True(await server.AnswersAsync(access)); // which needs no write

        await PostgresServer.ExecuteAsync(database, "ALTER SYSTEM RESET default_transaction_read_only");
        await PostgresServer.ExecuteAsync(database, "SELECT pg_reload_conf()");
        await UntilAsync(async () =>
        {
            using var answer = await client.RefreshAsync(refresh);
            return await IsServedAsync(answer);
        });
    }

    [Fact]
    public async Task F_16_a_server_without_connections_is_no_fault_of_the_client()
    {
        await using var postgres = new PostgresServer { Settings = ["max_connections=12"] };
        var database = await postgres.NewDatabaseAsync();
        await using var operatorOfIt = new NpgsqlConnection(database + ";Pooling=false"); // has a connection before none is left
        await operatorOfIt.OpenAsync(TestContext.Current.CancellationToken);
        await using var server = await TestServer.StartAsync(("ConnectionStrings:Database", database));
        using var client = await TestClient.RegisterAsync(server);
        var (access, refresh) = await client.SignInAsync();

        // Fewer connections than the pool would take: some wait, some are told to come again, and all end.
        var time = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => server.PostMcpAsync(access)));
        Assert.InRange(time.Elapsed, TimeSpan.Zero, Budget.Request);
        foreach (var answer in answers)
            using (answer)
                await IsServedAsync(answer);

        await using (
            var end = new NpgsqlCommand(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'OAuthMcp'",
                operatorOfIt
            )
        )
            await end.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var others = await TakeAllAsync(database);
        try
        {
            using var refused = await client.RefreshAsync(refresh);
            await AssertUnavailableAsync(refused);
            await AssertNotReadyAsync(client.Http, "database unavailable", "The database server has no connection left.");
        }
        finally
        {
            foreach (var other in others)
                await other.DisposeAsync();
        }

        await UntilAsync(async () =>
        {
            using var answer = await client.RefreshAsync(refresh);
            return await IsServedAsync(answer);
        });
    }

    [Theory]
    [InlineData("40001", 3, 200)]
    [InlineData("40P01", 3, 200)]
    [InlineData("40001", 4, 503)]
    [InlineData("40P01", 4, 503)]
    public async Task F_17_what_was_given_up_for_another_is_done_again_three_times(string code, int failures, int status)
    {
        await using var postgres = new PostgresServer();
        var database = await postgres.NewDatabaseAsync();
        await using var server = await StartAsync(database);
        using var client = await TestClient.RegisterAsync(server);
        var (_, refresh) = await client.SignInAsync();
        // A sequence does not take part in transactions, so that it counts what was rolled back.
        await PostgresServer.ExecuteAsync(
            database,
            $"""
            CREATE SEQUENCE oauthmcp.tries;
            CREATE FUNCTION oauthmcp.give_up() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('oauthmcp.tries') <= {failures} THEN RAISE EXCEPTION USING ERRCODE = '{code}'; END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER give_up BEFORE UPDATE ON oauthmcp."RefreshTokens" FOR EACH ROW EXECUTE FUNCTION oauthmcp.give_up();
            """
        );
        using (var answer = await client.RefreshAsync(refresh))
            if (status == 503)
                await AssertUnavailableAsync(answer);
            else
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(4L, await PostgresServer.ReadAsync(database, "SELECT last_value FROM oauthmcp.tries"));

        await PostgresServer.ExecuteAsync(database, "DROP TRIGGER give_up ON oauthmcp.\"RefreshTokens\"");
        using var again = await client.RefreshAsync(refresh); // the same, within the grace, where it was rotated
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Theory]
    [InlineData("DELETE FROM oauthmcp.\"SigningKeys\"", "There are no signing keys in the database.")]
    [InlineData(
        "DELETE FROM oauthmcp.\"__EFMigrationsHistory\"",
        "A migration is pending: run the verb migrate, or start the server anew."
    )]
    [InlineData("ALTER TABLE oauthmcp.\"SigningKeys\" RENAME TO \"Lost\"", "A table is missing in the database.")]
    public async Task F_54_says_what_is_wrong(string damage, string reason)
    {
        await using var postgres = new PostgresServer();
        var database = await postgres.NewDatabaseAsync();
        await using var server = await StartAsync(database);
        using var http = server.Http();
        Assert.Equal(200, await StatusAsync(http, "/health/ready"));
        await PostgresServer.ExecuteAsync(database, damage);
        await AssertNotReadyAsync(http, "database unavailable", reason);
    }

    private static Task<TestServer> StartAsync(string database) =>
        TestServer.StartAsync(("ConnectionStrings:Database", database + Budget.Patient));

    /// <summary>One request of each kind that needs the database.</summary>
    private static Task<HttpResponseMessage[]> AskAsync(TestServer server, TestClient client, string access, string refresh, string code) =>
        Task.WhenAll(
            server.PostMcpAsync(access),
            client.RefreshAsync(refresh),
            client.ExchangeAsync(code),
            client.RevokeAsync(refresh),
            client.Http.GetAsync(client.AuthorizationUrl(), TestContext.Current.CancellationToken)
        );

    /// <summary>Many requests at once that read and write rows.</summary>
    private static Task<int[]> ManyAsync(TestClient client) =>
        Task.WhenAll(Enumerable.Range(0, 12).Select(_ => StatusAsync(client.Http, client.AuthorizationUrl())));

    private static async Task<bool> IsServedAsync(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.OK)
            return true;
        await AssertUnavailableAsync(answer);
        return false;
    }

    private static async Task AssertUnavailableAsync(HttpResponseMessage answer)
    {
        await answer.AssertErrorAsync(503, "temporarily_unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.False(answer.Headers.Contains("WWW-Authenticate"));
    }

    private static async Task AssertServesWithoutDatabaseAsync(HttpClient http)
    {
        foreach (
            var path in new[]
            {
                "/.well-known/oauth-protected-resource/mcp",
                "/.well-known/oauth-authorization-server",
                "/.well-known/openid-configuration",
                "/",
                "/site.css",
            }
        )
            Assert.Equal((path, 200), (path, await StatusAsync(http, path)));
    }

    private static async Task AssertNotReadyAsync(HttpClient http, string status, string reason)
    {
        using var answer = await http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var expected = new JsonObject { ["status"] = status, ["reason"] = reason };
        Assert.Equal(expected.ToJsonString(), (await answer.JsonAsync()).ToJsonString());
    }

    private static async Task<int> StatusAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }

    private static async Task UntilAsync(Func<Task<bool>> isThereAsync)
    {
        var time = Stopwatch.StartNew();
        while (!await isThereAsync())
            Assert.InRange(time.Elapsed, TimeSpan.Zero, Budget.Recovery);
    }

    private static async Task<List<NpgsqlConnection>> TakeAllAsync(string database)
    {
        var taken = new List<NpgsqlConnection>();
        while (true)
        {
            var connection = new NpgsqlConnection(database + ";Pooling=false");
            try
            {
                await connection.OpenAsync(TestContext.Current.CancellationToken);
                taken.Add(connection);
            }
            catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                await connection.DisposeAsync();
                return taken;
            }
        }
    }
}
