using Microsoft.Data.Sqlite;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Infrastructure.Operations;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Sqlite;

namespace OAuthMcp.Integration.Hosting;

/// <summary>From the database as it is found to one that this version works on, whoever was stopped before or is at it too.</summary>
public sealed class MigrationTests : IDisposable
{
    private const string LeftOver =
        "CREATE TABLE IF NOT EXISTS __EFMigrationsLock (Id INTEGER NOT NULL PRIMARY KEY, Timestamp TEXT NOT NULL);"
        + "INSERT OR REPLACE INTO __EFMigrationsLock VALUES (1, '2026-01-01')";
    private readonly string data = TestServer.NewDataDirectory();

    [Fact]
    public async Task H2_takes_over_what_a_stopped_migration_left()
    {
        await Databases.MakeOldAsync(data);
        await Databases.ExecuteAsync(data, LeftOver);
        await using var server = await TestServer
            .StartAsync(data, TestServer.FreePort())
            .WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken);
        using var client = await TestClient.RegisterAsync(server);
        Assert.True(await server.AcceptsAsync((await client.SignInAsync()).Access));
    }

    [Fact]
    public async Task H2_neither_waits_nor_writes_when_there_is_nothing_to_migrate()
    {
        Requires.Sqlite();
        await (await TestServer.StartAsync(data, TestServer.FreePort())).StopAsync();
        await Databases.ExecuteAsync(data, LeftOver);
        using var other = Databases.Lock(data, "migration");
        var (exitCode, output, error) = await RunAsync("migrate");
        Assert.Equal((0, "The database is up to date.\n", ""), (exitCode, output, error));
        await (await TestServer.StartAsync(data, TestServer.FreePort())).StopAsync();
    }

    [Theory]
    [InlineData("migration")] // somebody else migrates
    [InlineData("server")] // a server of the older version is running
    public async Task H2_says_what_a_verb_waits_for_and_goes_on_when_it_is_free(string kind)
    {
        await Databases.MakeOldAsync(data);
        await using var verb = Held(kind);
        await verb.SaysOnErrorAsync($"Waiting for another process that works on {Databases.FileIn(data)}, for a minute at most.");
        held!.Dispose();
        await verb.ExitAsync();
        Assert.Equal((0, "The database is up to date.\n"), (verb.Process.ExitCode, verb.Output));
        Assert.Single(verb.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task H2_waits_for_a_minute_at_most()
    {
        await Databases.MakeOldAsync(data);
        using var other = Databases.Lock(data, "migration");
        await using var source = SqliteFactory.Instance.CreateDataSource($"Data Source={Databases.FileIn(data)};Pooling=False");
        using var connections = new PreparedConnections(source.ConnectionString);
        var locked = new Lazy<OAuthDbContext>(() => throw new InvalidOperationException("It is locked."));
        var engine = new SqliteEngine(source, connections, locked);
        var (clock, said, start) = (new TestClock(DateTimeOffset.UnixEpoch), new List<string>(), DateTimeOffset.UnixEpoch);
        var waiting = new Migration(engine, clock).RunAsync(isServer: true, said.Add, TestContext.Current.CancellationToken);
        while (!waiting.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var refusal = await Assert.ThrowsAsync<DatabaseException>(() => waiting);
        Assert.StartsWith("another process still works on ", refusal.Message, StringComparison.Ordinal);
        Assert.Single(said);
        Assert.True(clock.GetUtcNow() > start.AddMinutes(1));
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("migrate")]
    [InlineData("users list")]
    public async Task L9_refuses_the_database_of_a_newer_version(string verb)
    {
        Requires.Sqlite();
        await (await TestServer.StartAsync(data, TestServer.FreePort())).StopAsync();
        await Databases.ExecuteAsync(data, "INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Later', '99.0')");
        var (exitCode, _, error) = await RunAsync([.. verb.Split(' '), "--addr", $"localhost:{TestServer.FreePort()}"]);
        Assert.Equal(
            (
                1,
                "ConnectionStrings:Database: a newer version of this program made it (29990101000000_Later); use that version, or a backup from before.\n"
            ),
            (exitCode, error)
        );
    }

    [Fact]
    public async Task F_10_refuses_a_database_that_was_emptied()
    {
        Requires.Sqlite();
        await (await TestServer.StartAsync(data, TestServer.FreePort())).StopAsync();
        SqliteConnection.ClearAllPools();
        await File.WriteAllBytesAsync(Databases.FileIn(data), [], TestContext.Current.CancellationToken);
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => TestServer.StartAsync(data, TestServer.FreePort()));
        Assert.Equal(
            $"ConnectionStrings:Database: {Databases.FileIn(data)} is empty, and there are keys of an earlier one; restore it, or remove the keys.",
            refusal.Message
        );
    }

    [Fact]
    public async Task F_10_refuses_a_database_with_other_bytes_in_it()
    {
        Requires.Sqlite();
        await (await TestServer.StartAsync(data, TestServer.FreePort())).StopAsync();
        SqliteConnection.ClearAllPools();
        await File.WriteAllBytesAsync(
            Databases.FileIn(data),
            [.. Enumerable.Repeat((byte)'x', 8192)],
            TestContext.Current.CancellationToken
        );
        var (exitCode, _, error) = await RunAsync("serve", "--addr", $"localhost:{TestServer.FreePort()}");
        Assert.Equal((1, "ConnectionStrings:Database: SQLite Error 26: 'file is not a database'.\n"), (exitCode, error));
    }

    public void Dispose()
    {
        held?.Dispose();
        SqliteConnection.ClearAllPools();
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
    }

    private FileStream? held;

    private ServerProcess Held(string kind)
    {
        held = Databases.Lock(data, kind);
        return ServerProcess.Start(["migrate", $"--Server:DataDirectory={data}"]);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        ServerProcess.RunAsync([.. arguments, $"--Server:DataDirectory={data}"]);
}
