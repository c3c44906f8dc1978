using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Infrastructure.Keys;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Sqlite;

namespace OAuthMcp.Infrastructure.Operations;

/// <summary>Prepares the database and the signing keys for the program.</summary>
public sealed class Database
{
    private readonly OAuthDbContext db;
    private readonly SigningKeyRing keys;
    private readonly KeyRingSeal seal;
    private readonly DataDirectory data;
    private readonly TimeProvider time;

    internal Database(OAuthDbContext db, SigningKeyRing keys, KeyRingSeal seal, DataDirectory data, TimeProvider time) =>
        (this.db, this.keys, this.seal, this.data, this.time) = (db, keys, seal, data, time);

    /// <summary>Lets one server run on a database, whatever its data directory is.</summary>
    /// <returns>The lock, which ends with the process at the latest; null for a database in memory.</returns>
    /// <exception cref="DatabaseException">Another server runs on it.</exception>
    public async Task<FileStream?> LockAsync(CancellationToken ct) =>
        await FindFileAsync(ct) is { } file
            ? file.TryLockForServer() ?? throw new DatabaseException($"another server is running on {file.Path}.")
            : null;

    /// <summary>Brings the tables to this version.</summary>
    /// <param name="isServer">Whether this process holds the lock.</param>
    /// <param name="say">Is told what is waited for when that takes longer than a moment.</param>
    /// <exception cref="DatabaseException">The database was emptied, is of a newer version, or stays locked by another process.</exception>
    public async Task<PreparedDatabase> PrepareAsync(bool isServer, Action<string> say, CancellationToken ct)
    {
        var isNew = !(await db.Database.GetAppliedMigrationsAsync(ct)).Any();
        if (isNew && data.HoldsKeysOfItsDatabase)
            throw new DatabaseException($"{data.Database} is empty, and there are keys of an earlier one; restore it, or remove the keys.");
        var file = await FindFileAsync(ct);
        await new Migration(db, time).RunAsync(file, isServer, say, ct);
        // With the write-ahead log, which the file keeps, readers and the writer do not wait for each other. synchronous is FULL by
        // default, so what a client saw succeed is on the disk.
        if (db.Database.IsSqlite())
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", ct);
        return new PreparedDatabase(file?.Path ?? "in memory", isNew);
    }

    /// <summary>For a server: seals the key ring with the present certificate, loads the signing keys, and makes the first one.</summary>
    public Task LoadKeysAsync(CancellationToken ct)
    {
        seal.Renew();
        return keys.LoadAsync(db, ct);
    }

    // On a connection of its own, so that a file that cannot be opened is one sentence and no failed query.
    private async Task<DatabaseFile?> FindFileAsync(CancellationToken ct)
    {
        await using var connection = new SqliteConnection(db.Database.GetConnectionString());
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT file FROM pragma_database_list WHERE name = 'main'";
        return await command.ExecuteScalarAsync(ct) is string { Length: > 0 } path ? new DatabaseFile(path) : null;
    }
}
