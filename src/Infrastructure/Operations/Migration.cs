using System.Data.Common;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Operations;

/// <summary>Brings the tables to this version, if they are not there already, and waits for whoever is at it.</summary>
internal sealed class Migration(IDatabaseEngine engine, TimeProvider time)
{
    /// <summary>
    /// How the name of a migration begins that only adds: a version that does not know it works beside it, so that nodes can be
    /// replaced one after the other, and put back. What it replaced is taken away by a later one.
    /// </summary>
    private const string Addition = "Expand";

    private const string StatementTimeout = "57014"; // PostgreSQL's query_canceled
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <param name="isServer">Whether this process holds what a server holds.</param>
    /// <param name="say">Is told what is waited for when that takes longer than a moment.</param>
    /// <exception cref="DatabaseException">A newer version made the database, or another process keeps it locked.</exception>
    public async Task RunAsync(bool isServer, Action<string> say, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        for (var hasSpoken = false; await IsPendingAsync(ct); await Task.Delay(Look, time, ct))
        {
            if (await engine.TryMigrateAsync(isServer, () => IsPendingAsync(ct), ct))
                return;
            var waited = time.GetElapsedTime(start);
            if (waited <= Quiet || (hasSpoken && waited <= Patience))
                continue;
            var place = await engine.FindPlaceAsync(ct);
            if (waited > Patience)
                throw new DatabaseException($"another process still works on {place}, and its tables are not of this version.");
            hasSpoken = true;
            say($"Waiting for another process that works on {place}, for a minute at most.");
        }
    }

    /// <summary>What was applied; null while another process changes the tables and keeps even the list of it locked.</summary>
    public static async Task<IReadOnlyList<string>?> FindAppliedAsync(IDatabaseEngine engine, CancellationToken ct)
    {
        try
        {
            return await engine.FindAppliedAsync(ct);
        }
        catch (DbException locked) when (locked.SqlState == StatementTimeout || locked.InnerException is TimeoutException)
        {
            return null;
        }
    }

    private async Task<bool> IsPendingAsync(CancellationToken ct)
    {
        if (await FindAppliedAsync(engine, ct) is not { } applied)
            return true;
        var known = engine.Migrations;
        if (applied.FirstOrDefault(migration => !known.Contains(migration) && !IsAddition(migration)) is { } newer)
            throw new DatabaseException($"a newer version of this program made it ({newer}); use that version, or a backup from before.");
        return known.Except(applied).Any();
    }

    private static bool IsAddition(string migration) =>
        migration[(migration.IndexOf('_') + 1)..].StartsWith(Addition, StringComparison.Ordinal);
}
