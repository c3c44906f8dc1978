using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace OAuthMcp.Integration.Hosting;

/// <summary>A database that cannot be used until this is disposed.</summary>
internal sealed class Outage : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly string end;

    private Outage(SqliteConnection connection, string end) => (this.connection, this.end) = (connection, end);

    /// <summary>Another process holds the one write lock: reads go on.</summary>
    public static Task<Outage> OfWritesAsync(TestServer server) => BeginAsync(server, "BEGIN IMMEDIATE", "ROLLBACK");

    /// <summary>Another process has the whole file to itself: nothing can be read nor written.</summary>
    public static Task<Outage> OfEverythingAsync(TestServer server) =>
        BeginAsync(server, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE", "ROLLBACK");

    /// <summary>The tables of tokens are gone, which fails at once and not by a lock.</summary>
    public static Task<Outage> OfTablesAsync(TestServer server) => BeginAsync(server, Rename("", "Lost"), Rename("Lost", ""));

    public void Dispose()
    {
        Run(connection, end);
        connection.Dispose();
    }

    private static async Task<Outage> BeginAsync(TestServer server, string begin, string end)
    {
        var address = await server.InDatabaseAsync(db =>
        {
            SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection()); // idle connections hold the file open
            return Task.FromResult(db.Database.GetConnectionString()!);
        });
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(address) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        Run(connection, begin);
        return new Outage(connection, end);
    }

    private static string Rename(string from, string to) =>
        string.Join(
            ';',
            new[] { "Grants", "RefreshTokens", "AuthorizationCodes" }.Select(table =>
                $"ALTER TABLE \"{table}{from}\" RENAME TO \"{table}{to}\""
            )
        );

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
