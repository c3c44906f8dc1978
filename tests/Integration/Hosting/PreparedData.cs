using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using OAuthMcp.Api.Hosting;

namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// A database with its tables and the two accounts of the tests, from which servers start: passwords are hashed once, and not at each
/// of a thousand starts. Keys are in none: each server has its own.
/// </summary>
internal static class PreparedData
{
    private const string File = "oauthmcp.db";

    // What changes what a start writes into a new database.
    private static readonly string[] Own = ["Accounts:", "Authority:", "ConnectionStrings:", "Protection:", "Upstream:"];
    private static readonly SemaphoreSlim Making = new(1, 1);
    private static string? made;

    /// <summary>Whether a server that is configured so would begin with just that.</summary>
    public static bool Fits((string Key, string Value)[] configuration) =>
        !configuration.Any(pair => Own.Any(section => pair.Key.StartsWith(section, StringComparison.Ordinal)));

    /// <summary>Puts the file there, unless the server has one or stores elsewhere.</summary>
    public static async Task CopyAsync(string dataDirectory, (string Key, string Value)[] configuration)
    {
        if (ChosenDatabase.IsPostgres || Directory.Exists(dataDirectory) || !Fits(configuration))
            return;
        await Making.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            made ??= await MakeAsync();
        }
        finally
        {
            Making.Release();
        }

        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(dataDirectory);
        else
            Directory.CreateDirectory(dataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        System.IO.File.Copy(Path.Combine(made, File), Path.Combine(dataDirectory, File));
    }

    private static async Task<string> MakeAsync()
    {
        var folder = TestServer.NewDataDirectory();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        await PrepareAsync(("Server:DataDirectory", folder));
        await using (var database = new SqliteConnection($"Data Source={folder}/{File};Pooling=False"))
        {
            await database.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = database.CreateCommand();
            command.CommandText = "DELETE FROM SigningKeys; PRAGMA wal_checkpoint(TRUNCATE)";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        return folder;
    }

    /// <summary>Prepares a database as the start of a server with these accounts does.</summary>
    public static async Task PrepareAsync(params (string Key, string? Value)[] configuration)
    {
        var keys = new Dictionary<string, string?>(TestServer.Accounts);
        foreach (var (key, value) in configuration)
            keys[key] = value;
        await using var app = HttpServer.Build(keys);
        await app.PrepareOAuthMcpAsync(TestContext.Current.CancellationToken);
    }
}
