using Microsoft.EntityFrameworkCore;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Sqlite;

namespace OAuthMcp.Infrastructure.Operations;

/// <summary>
/// Brings the tables to this version, if they are not there already. EF guards migrations by a row, which a killed process leaves
/// behind; here a lock of the kernel comes first, so that its holder may delete such a row.
/// </summary>
internal sealed class Migration(OAuthDbContext db, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <param name="file">Null for a database in memory, which nobody else can see.</param>
    /// <param name="isServer">Whether this process holds the lock of the server.</param>
    /// <param name="say">Is told what is waited for when that takes longer than a moment.</param>
    /// <exception cref="DatabaseException">A newer version made the database, or another process keeps it locked.</exception>
    public async Task RunAsync(DatabaseFile? file, bool isServer, Action<string> say, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        for (var hasSpoken = false; await IsPendingAsync(ct); await Task.Delay(Look, time, ct))
        {
            using (var turn = file?.TryLockForMigration())
            // Tables that are too old belong to a server of an older version, which must have ended.
            using (var server = isServer || turn is null ? null : file!.TryLockForServer())
                if (file is null || (turn is not null && (isServer || server is not null)))
                {
                    if (await IsPendingAsync(ct))
                        await MigrateAsync(ct);
                    return;
                }

            var waited = time.GetElapsedTime(start);
            if (waited > Patience)
                throw new DatabaseException($"another process still works on {file.Path}, and its tables are not of this version.");
            if (waited <= Quiet || hasSpoken)
                continue;
            hasSpoken = true;
            say($"Waiting for another process that works on {file.Path}, for a minute at most.");
        }
    }

    private async Task<bool> IsPendingAsync(CancellationToken ct)
    {
        var (known, applied) = (db.Database.GetMigrations().ToHashSet(), await db.Database.GetAppliedMigrationsAsync(ct));
        if (applied.FirstOrDefault(migration => !known.Contains(migration)) is { } newer)
            throw new DatabaseException($"a newer version of this program made it ({newer}); use that version, or a backup from before.");
        return known.Except(applied).Any();
    }

    private async Task MigrateAsync(CancellationToken ct)
    {
        if (db.Database.IsSqlite())
        {
            var locks = await db
                .Database.SqlQuery<int>($"SELECT COUNT(*) AS Value FROM sqlite_master WHERE name = '__EFMigrationsLock'")
                .SingleAsync(ct);
            if (locks > 0)
                await db.Database.ExecuteSqlAsync($"DELETE FROM __EFMigrationsLock", ct);
        }

        await db.Database.MigrateAsync(ct);
    }
}
