using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>
/// A file, for one server at a time. EF guards migrations by a row, which a killed process leaves behind; here a lock of the kernel
/// comes first, so that its holder may delete such a row.
/// </summary>
internal sealed class SqliteEngine(DbDataSource source, PreparedConnections connections, Lazy<OAuthDbContext> db) : IDatabaseEngine
{
    private const string HasHistory = "SELECT COUNT(*) FROM sqlite_master WHERE name = '__EFMigrationsHistory'";

    private static readonly Lazy<IReadOnlyList<string>> Known = new(MigrationHistory.Of<SqliteOAuthDbContext>);

    public IReadOnlyList<string> Migrations => Known.Value;

    public async Task<IReadOnlyList<string>> FindAppliedAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await MigrationHistory.ReadAsync(connection, HasHistory, ct);
    }

    public async Task<string> FindPlaceAsync(CancellationToken ct) => (await FindFileAsync(ct))?.Path ?? "in memory";

    public async Task<IDisposable?> LockForServerAsync(CancellationToken ct) =>
        await FindFileAsync(ct) is { } file
            ? file.TryLockForServer() ?? throw new DatabaseException($"another server is running on {file.Path}.")
            : null;

    public async Task<bool> TryMigrateAsync(bool isServer, Func<Task<bool>> isPendingAsync, CancellationToken ct)
    {
        var file = await FindFileAsync(ct); // null for a database in memory, which nobody else can see
        using var turn = file?.TryLockForMigration();
        // Tables that are too old belong to a server of an older version, which must have ended.
        using var server = isServer || turn is null ? null : file!.TryLockForServer();
        if (file is not null && (turn is null || (!isServer && server is null)))
            return false;
        if (await isPendingAsync())
            await MigrateAsync(ct);
        return true;
    }

    // With the write-ahead log, which the file keeps, readers and the writer do not wait for each other. synchronous is FULL by
    // default, so what a client saw succeed is on the disk.
    public async Task SetUpAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand("PRAGMA journal_mode = WAL");
        await command.ExecuteNonQueryAsync(ct);
    }

    public Task SetClockAsync(CancellationToken ct) => Task.CompletedTask; // that of the machine

    public string? Warning => null;

    public Task RunAloneAsync(Func<Task> work, CancellationToken ct) => work(); // there is one server

    public async Task<string?> FindTroubleAsync(CancellationToken ct)
    {
        try
        {
            // One that was open before, where there is one.
            if (connections.Use(open => WriteLock.HasMoved(open.Connection)))
                return new DatabaseMovedException().Message;
            // A new connection, as a start would open it, since open ones answer from memory.
            await using var connection = new SqliteConnection(FreshAddress);
            await connection.OpenAsync(ct);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT COUNT(*) FROM \"SigningKeys\"";
            return await command.ExecuteScalarAsync(ct) is 0L ? "There are no signing keys in the database." : null;
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode == raw.SQLITE_CANTOPEN)
        {
            return "The database file is not there, or cannot be opened.";
        }
        catch (DbException)
        {
            return "The database cannot be read.";
        }
    }

    private string FreshAddress =>
        new SqliteConnectionStringBuilder(source.ConnectionString) { Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ConnectionString;

    private async Task MigrateAsync(CancellationToken ct)
    {
        var database = db.Value.Database;
        var locks = await database
            .SqlQuery<int>($"SELECT COUNT(*) AS Value FROM sqlite_master WHERE name = '__EFMigrationsLock'")
            .SingleAsync(ct);
        if (locks > 0)
            await database.ExecuteSqlAsync($"DELETE FROM __EFMigrationsLock", ct);
        await database.MigrateAsync(ct);
    }

    private async Task<DatabaseFile?> FindFileAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT file FROM pragma_database_list WHERE name = 'main'";
        return await command.ExecuteScalarAsync(ct) is string { Length: > 0 } path ? new DatabaseFile(path) : null;
    }
}
