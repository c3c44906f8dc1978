using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;
using OAuthMcp.Infrastructure.Persistence.Sqlite;

namespace OAuthMcp.Integration.Hosting;

/// <summary>A database that cannot be used until this is disposed.</summary>
internal sealed class Outage : IDisposable
{
    private readonly DbConnection connection;
    private readonly string end;

    private Outage(DbConnection connection, string end) => (this.connection, this.end) = (connection, end);

    /// <summary>Another process holds the one write lock: reads go on.</summary>
    public static Task<Outage> OfWritesAsync(TestServer server) =>
        BeginAsync(server, ChosenDatabase.IsPostgres ? LockOfAll("EXCLUSIVE") : "BEGIN IMMEDIATE", "ROLLBACK");

    /// <summary>Another process has the whole database to itself: nothing can be read nor written.</summary>
    public static Task<Outage> OfEverythingAsync(TestServer server) =>
        BeginAsync(
            server,
            ChosenDatabase.IsPostgres ? LockOfAll("ACCESS EXCLUSIVE") : "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE",
            "ROLLBACK"
        );

    /// <summary>The tables of tokens are gone, which fails at once and not by a lock.</summary>
    public static Task<Outage> OfTablesAsync(TestServer server) => BeginAsync(server, Rename("", "Lost"), Rename("Lost", ""));

    public void Dispose()
    {
        Run(connection, end);
        connection.Dispose();
    }

    private static async Task<Outage> BeginAsync(TestServer server, string begin, string end)
    {
        var connection = ChosenDatabase.IsPostgres ? await ToPostgresAsync(server) : await ToFileAsync(server);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        Run(connection, begin);
        return new Outage(connection, end);
    }

    private static async Task<DbConnection> ToPostgresAsync(TestServer server) =>
        new NpgsqlConnection($"{await ChosenDatabase.OfAsync(server.DataDirectory, hasAccounts: true)};Pooling=false;Search Path=oauthmcp");

    private static Task<DbConnection> ToFileAsync(TestServer server) =>
        server.InDatabaseAsync(db =>
        {
            db.GetService<PreparedConnections>().Dispose(); // idle connections hold the file open
            SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
            var address = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()) { Pooling = false };
            return Task.FromResult<DbConnection>(new SqliteConnection(address.ConnectionString));
        });

    private static string LockOfAll(string mode) =>
        $"""
            BEGIN; DO $$ DECLARE it text; BEGIN
                FOR it IN SELECT tablename FROM pg_tables WHERE schemaname = 'oauthmcp' LOOP
                    EXECUTE format('LOCK TABLE oauthmcp.%I IN {mode} MODE', it);
                END LOOP;
            END $$
            """;

    private static string Rename(string from, string to) =>
        string.Join(
            ';',
            new[] { "Grants", "RefreshTokens", "AuthorizationCodes" }.Select(table =>
                $"ALTER TABLE \"{table}{from}\" RENAME TO \"{table}{to}\""
            )
        );

    private static void Run(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
