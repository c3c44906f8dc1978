using Microsoft.Data.Sqlite;

namespace OAuthMcp.Integration.Hosting;

/// <summary>A backup taken from a running server, and put back after something was revoked.</summary>
public sealed class RestoreTests(PostgresServer postgres) : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly int port = TestServer.FreePort();

    [Fact]
    public async Task F_52_what_was_revoked_after_the_backup_stays_dead_on_sqlite()
    {
        Requires.Sqlite();
        var (data, restored) = (Path.Combine(folder.Path, "data"), Path.Combine(folder.Path, "restored"));
        await AssertStaysDeadAsync(
            data,
            restored,
            [],
            [],
            async () =>
            {
                Directory.CreateDirectory(Path.Combine(restored, "keys"));
                foreach (var key in Directory.EnumerateFiles(Path.Combine(data, "keys")))
                    File.Copy(key, Path.Combine(restored, "keys", Path.GetFileName(key)));
                await Databases.ExecuteAsync(data, $"VACUUM INTO '{Databases.FileIn(restored)}'");
            },
            () => Task.CompletedTask
        );
    }

    [Fact]
    public async Task F_52_what_was_revoked_after_the_backup_stays_dead_on_postgres()
    {
        Requires.Postgres();
        var (database, copy) = (await postgres.NewDatabaseAsync(), await postgres.NewDatabaseAsync());
        var file = Path.Combine(folder.Path, "backup.sql");
        await AssertStaysDeadAsync(
            Path.Combine(folder.Path, "first"),
            Path.Combine(folder.Path, "second"),
            [("ConnectionStrings:Database", database)],
            [("ConnectionStrings:Database", copy), ("Protection:KeyFile", PostgresServer.KeyFile)],
            () => PostgresServer.DumpAsync(database, file),
            () => PostgresServer.LoadAsync(copy, file)
        );
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    private async Task AssertStaysDeadAsync(
        string data,
        string restored,
        (string Key, string Value)[] before,
        (string Key, string Value)[] after,
        Func<Task> backUp,
        Func<Task> putBack
    )
    {
        var first = await TestServer.StartAsync(data, port, before);
        using var client = await TestClient.RegisterAsync(first);
        var (access, refresh) = await client.SignInAsync();
        using var browser = first.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync();
        await backUp();
        using (await client.RevokeAsync(refresh)) { }
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        await first.StopAsync();
        SqliteConnection.ClearAllPools();
        await putBack();

        var (exitCode, output, error) = await ServerProcess.RunAsync([
            "restore",
            $"--Server:DataDirectory={restored}",
            .. after.Select(key => $"--{key.Key}={key.Value}"),
        ]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith("Ended 1 grants and every session; ", output, StringComparison.Ordinal);
        await using var second = await TestServer.StartAsync(restored, port, after);
        using var again = new TestClient(second, client.Id, null, "none");
        await (await again.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        Assert.False(await second.AcceptsAsync(access));
        await browser.OpenAsync("/account");
        Assert.Equal("/signin", browser.Location.AbsolutePath);
        await browser.SignInAsync();
        Assert.Equal("/account", browser.Location.AbsolutePath);
    }
}
