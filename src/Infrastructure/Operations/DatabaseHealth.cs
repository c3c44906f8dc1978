using System.Data.Common;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Operations;

/// <summary>Whether the database serves: a read each time, and now and then a write, since a full disk can still be read.</summary>
internal sealed class DatabaseHealth
{
    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(30);
    private readonly Lazy<OAuthDbContext> db;
    private readonly IDatabaseEngine engine;
    private readonly DatabaseHealthMemory memory;
    private readonly TimeProvider time;

    internal DatabaseHealth(Lazy<OAuthDbContext> db, IDatabaseEngine engine, DatabaseHealthMemory memory, TimeProvider time) =>
        (this.db, this.engine, this.memory, this.time) = (db, engine, memory, time);

    /// <summary>What is wrong, in a few words for the operator; null when nothing is.</summary>
    public async Task<string?> FindTroubleAsync(CancellationToken ct) =>
        await engine.FindTroubleAsync(ct)
        ?? (await IsPendingAsync(ct) ? "A migration is pending: run the verb migrate, or start the server anew." : null)
        ?? (await TryWriteAsync(ct) ? null : "The database cannot be written.");

    /// <summary>What the operator should mend although the database serves; null where nothing is.</summary>
    public string? Warning => engine.Warning;

    private async Task<bool> IsPendingAsync(CancellationToken ct)
    {
        try
        {
            return engine.Migrations.Except(await engine.FindAppliedAsync(ct)).Any();
        }
        catch (Exception failure) when (failure is DbException or TimeoutException)
        {
            return false; // it was readable a moment ago, and the next probe says what it is
        }
    }

    private async Task<bool> TryWriteAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (memory.WrittenAt is { } last && now - last is var age && age >= TimeSpan.Zero && age < WriteInterval)
            return true;
        try
        {
            await db.Value.WriteAsync(unit => unit.ExecuteAsync($"""UPDATE "SigningKeys" SET "Algorithm" = "Algorithm" """), ct);
            memory.WrittenAt = now;
            return true;
        }
        catch (Exception failure) when (failure is DbException or TimeoutException)
        {
            return false;
        }
    }
}
