using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Sqlite;
using SQLitePCL;

namespace OAuthMcp.Infrastructure.Operations;

/// <summary>Whether the database serves: a read each time, and now and then a write, since a full disk can still be read.</summary>
public sealed class DatabaseHealth
{
    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(30);
    private readonly OAuthDbContext db;
    private readonly DatabaseHealthMemory memory;
    private readonly TimeProvider time;

    internal DatabaseHealth(OAuthDbContext db, DatabaseHealthMemory memory, TimeProvider time) =>
        (this.db, this.memory, this.time) = (db, memory, time);

    /// <summary>What is wrong, in a few words for the operator; null when nothing is.</summary>
    public async Task<string?> FindTroubleAsync(CancellationToken ct)
    {
        try
        {
            if (await HasMovedAsync(ct))
                return new DatabaseMovedException().Message;
            // A new connection, as a start would open it, since open ones answer from memory.
            await using (var connection = new SqliteConnection(FreshAddress))
            {
                await connection.OpenAsync(ct);
                await using var command = connection.CreateCommand();
                command.CommandText = "SELECT COUNT(*) FROM \"SigningKeys\"";
                await command.ExecuteScalarAsync(ct);
            }
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode == raw.SQLITE_CANTOPEN)
        {
            return "The database file is not there, or cannot be opened.";
        }
        catch (DbException)
        {
            return "The database cannot be read.";
        }

        return await TryWriteAsync(ct) ? null : "The database cannot be written.";
    }

    private string FreshAddress =>
        new SqliteConnectionStringBuilder(db.Database.GetConnectionString())
        {
            Pooling = false,
            Mode = SqliteOpenMode.ReadWrite,
        }.ConnectionString;

    private async Task<bool> HasMovedAsync(CancellationToken ct)
    {
        await db.Database.OpenConnectionAsync(ct);
        return WriteLock.HasMoved((SqliteConnection)db.Database.GetDbConnection());
    }

    private async Task<bool> TryWriteAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (memory.WrittenAt is { } last && now - last is var age && age >= TimeSpan.Zero && age < WriteInterval)
            return true;
        try
        {
            await db.WriteAsync(unit => unit.ExecuteAsync($"""UPDATE "SigningKeys" SET "Algorithm" = "Algorithm" """), ct);
            memory.WrittenAt = now;
            return true;
        }
        catch (Exception failure) when (failure is DbException or TimeoutException)
        {
            return false;
        }
    }
}
