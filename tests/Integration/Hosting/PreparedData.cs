using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using OAuthMcp.Api.Hosting;

namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// A SQLite file with its tables and the two accounts of the tests, from which servers start: passwords are hashed once, and not at
/// each of a thousand starts. Keys are in none: each server has its own.
/// </summary>
internal static class PreparedData
{
    private const string File = "oauthmcp.db";

    // What changes what a start writes into a new database.
    private static readonly string[] Own = ["Accounts:", "Authority:", "ConnectionStrings:", "Protection:", "Upstream:"];
    private static readonly SemaphoreSlim Making = new(1, 1);
    private static string? made;

    public static async Task CopyAsync(string dataDirectory, (string Key, string Value)[] configuration)
    {
        if (
            ChosenDatabase.IsPostgres
            || Directory.Exists(dataDirectory)
            || configuration.Any(pair => Own.Any(section => pair.Key.StartsWith(section, StringComparison.Ordinal)))
        )
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
        var keys = new Dictionary<string, string?>(TestServer.Accounts) { ["Server:DataDirectory"] = folder };
        await using (var app = HttpServer.Build(keys))
            await app.PrepareOAuthMcpAsync(TestContext.Current.CancellationToken);
        await using (var database = new SqliteConnection($"Data Source={folder}/{File};Pooling=False"))
        {
            await database.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = database.CreateCommand();
            command.CommandText = "DELETE FROM SigningKeys; PRAGMA wal_checkpoint(TRUNCATE)";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        return folder;
    }
}
