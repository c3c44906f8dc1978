using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using OAuthMcp.Integration.Hosting;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// Debian's PostgreSQL: a server of its own, started by the first test that asks it for a database, and deleted with the last. It runs
/// as an ordinary user, as it insists on.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Owner = "oauthmcp";
    private const string Nobody = "65534";
    private static readonly string? Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).LastOrDefault(IsThere)
        : null;

    private readonly string data = Path.Combine(Path.GetTempPath(), $"oauthmcp-tests-{Path.GetRandomFileName()}");
    private readonly int port = TestServer.FreePort();
    private readonly SemaphoreSlim starting = new(1);
    private readonly SemaphoreSlim migrating = new(1);
    private ServerProcess? process;
    private readonly Dictionary<bool, string> templates = [];
    private int databases;

    /// <summary>Settings of a server of one's own, such as <c>max_connections=10</c>.</summary>
    internal string[] Settings { get; set; } = [];

    public static bool IsInstalled => Programs is not null;

    /// <summary>What every server on PostgreSQL needs outside of Development: the key that seals the keys in the database.</summary>
    internal static string KeyFile => SealingKey.Value;

    private static readonly Lazy<string> SealingKey = new(() =>
    {
        using var key = RSA.Create(2048);
        var file = Path.Combine(Path.GetTempPath(), $"oauthmcp-tests-{Path.GetRandomFileName()}.pem");
        File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(file); // servers of any class may read it until then
        return file;
    });

    /// <summary>The one that all tests share.</summary>
    internal static PostgresServer Shared { get; private set; } = null!;

    public ValueTask InitializeAsync()
    {
        Shared = this;
        return ValueTask.CompletedTask;
    }

    /// <summary>A connection string for a database that is empty.</summary>
    internal Task<string> NewDatabaseAsync() => NewDatabaseAsync("template1");

    /// <summary>The same for one that has its tables already, and the accounts of the tests if they are wanted.</summary>
    internal async Task<string> CopyTemplateAsync(bool hasAccounts = false)
    {
        await migrating.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!templates.TryGetValue(hasAccounts, out var template))
                templates[hasAccounts] = template = await MakeTemplateAsync(hasAccounts);

            return await NewDatabaseAsync(template); // one at a time, since nobody else may look at a template that is copied
        }
        finally
        {
            migrating.Release();
        }
    }

    private async Task<string> MakeTemplateAsync(bool hasAccounts)
    {
        var made = await NewDatabaseAsync();
        if (hasAccounts)
        {
            await PreparedData.PrepareAsync(
                ("Server:DataDirectory", TestServer.NewDataDirectory()),
                ("ConnectionStrings:Database", made),
                ("Protection:KeyFile", KeyFile)
            );
            NpgsqlConnection.ClearAllPools(); // a template is copied while nobody looks at it
            await ExecuteAsync(made, "DELETE FROM oauthmcp.\"SigningKeys\"; DELETE FROM oauthmcp.\"KeyRing\"");
        }
        else
        {
            var run = await ServerProcess.RunAsync(["migrate", "--database", made, $"--Protection:KeyFile={KeyFile}"]);
            Assert.True(run.ExitCode == 0, run.Error);
        }

        return new NpgsqlConnectionStringBuilder(made).Database!;
    }

    internal Task RemoveAsync(string address) =>
        ExecuteAsync(Address("postgres"), $"DROP DATABASE {new NpgsqlConnectionStringBuilder(address).Database} WITH (FORCE)");

    private async Task<string> NewDatabaseAsync(string like)
    {
        var ct = TestContext.Current.CancellationToken;
        await starting.WaitAsync(ct);
        try
        {
            if (process is null)
                await StartAsync();
        }
        finally
        {
            starting.Release();
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref databases)}");
        await ExecuteAsync(Address("postgres"), $"CREATE DATABASE {name} TEMPLATE {like}");
        return Address(name);
    }

    /// <summary>Starts it, and again on the data that it had.</summary>
    internal async Task StartAsync()
    {
        if (!Directory.Exists(data))
        {
            await using var made = Run("initdb", "-D", data, "-U", Owner, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
            await made.ExitAsync();
            Assert.True(made.Process.ExitCode == 0, made.Output + made.Error);
        }

        // What a process has written is the system's to keep when that is killed, and no test pulls the plug of the machine.
        var settings = new[] { "max_connections=500", "fsync=off" }.Concat(Settings).SelectMany(setting => new[] { "-c", setting });
        process = Run(
            "postgres",
            ["-D", data, "-h", "127.0.0.1", "-p", string.Create(CultureInfo.InvariantCulture, $"{port}"), "-k", data, .. settings]
        );
        await process.SaysOnErrorAsync("database system is ready to accept connections");
    }

    /// <summary>Ends it at once, and every connection with it.</summary>
    internal Task KillAsync() => EndAsync("QUIT");

    /// <summary>Ends it and all that it has started as a power failure would, in the middle of whatever they do.</summary>
    internal async Task KillHardAsync()
    {
        await SignalAllAsync("KILL");
        await process!.Process.WaitForExitAsync(CancellationToken.None).WaitAsync(ServerProcess.Patience);
        await process.DisposeAsync();
        process = null;
    }

    /// <summary>From here on it takes connections and answers nothing.</summary>
    internal Task FreezeAsync() => SignalAllAsync("STOP");

    internal Task ThawAsync() => SignalAllAsync("CONT");

    /// <summary>Does something to a database past the program.</summary>
    internal static async Task ExecuteAsync(string address, string statement)
    {
        await using var connection = new NpgsqlConnection(address + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The first value that a statement finds.</summary>
    internal static async Task<object?> ReadAsync(string address, string statement)
    {
        await using var connection = new NpgsqlConnection(address + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A backup of a database that is in use, into a file, and back from it into an empty one.</summary>
    internal static Task DumpAsync(string address, string file) => RunToolAsync("pg_dump", address, "-f", file);

    internal static Task LoadAsync(string address, string file) => RunToolAsync("psql", address, "-q", "-v", "ON_ERROR_STOP=1", "-f", file);

    private static async Task RunToolAsync(string program, string address, params string[] arguments)
    {
        var names = new NpgsqlConnectionStringBuilder(address);
        await using var tool = ServerProcess.StartProgram(
            Path.Combine(Programs!, program),
            [$"--dbname=host={names.Host} port={names.Port} user={names.Username} dbname={names.Database}", .. arguments]
        );
        await tool.ExitAsync();
        Assert.True(tool.Process.ExitCode == 0, tool.Output + tool.Error);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await EndAsync("INT");
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
        starting.Dispose();
        migrating.Dispose();
    }

    private static bool IsThere(string folder) => File.Exists(Path.Combine(folder, "initdb"));

    private string Address(string database) => $"Host=127.0.0.1;Port={port};Database={database};Username={Owner};Maximum Pool Size=40";

    private async Task EndAsync(string signal)
    {
        using (var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {process!.Process.Id}"]))
            await kill.WaitForExitAsync(CancellationToken.None);
        await process.Process.WaitForExitAsync(CancellationToken.None).WaitAsync(ServerProcess.Patience);
        await process.DisposeAsync();
        process = null;
    }

    private async Task SignalAllAsync(string signal)
    {
        var id = process!.Process.Id;
        var script = $"kill -{signal} {id} $(cat /proc/{id}/task/*/children)";
        using var kill = Process.Start("/bin/sh", ["-c", script]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }

    private static ServerProcess Run(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
        return Environment.IsPrivilegedProcess
            ? ServerProcess.StartProgram(
                "/usr/bin/setpriv",
                [$"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--", path, .. arguments]
            )
            : ServerProcess.StartProgram(path, arguments);
    }
}
