using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Protocol;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class FailureCounts(OAuthDbContext db) : IFailureCounts
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public Task<int> CountAsync(FailureKind kind, string peer, DateTimeOffset now, CancellationToken ct)
    {
        var minute = MinuteOf(now);
        return db.WriteAsync(
            unit =>
                unit.ReadNumberAsync(
                    $"""
                    INSERT INTO "FailureCounts" ("Kind", "Peer", "Minute", "Count") VALUES ({kind}, {peer}, {minute}, 1)
                    ON CONFLICT ("Kind", "Peer", "Minute") DO UPDATE SET "Count" = "FailureCounts"."Count" + 1 RETURNING "Count"
                    """
                ),
            ct
        );
    }

    public async Task<TimeSpan?> WaitAsync(FailureKind kind, string peer, int limit, DateTimeOffset now, CancellationToken ct)
    {
        var minute = MinuteOf(now);
        return
            limit > 0
            && await db.FailureCounts.AnyAsync(
                row => row.Kind == kind && row.Peer == peer && row.Minute == minute && row.Count >= limit,
                ct
            )
            ? minute + Window - now
            : null;
    }

    private static DateTimeOffset MinuteOf(DateTimeOffset now) => new(now.UtcTicks - now.UtcTicks % Window.Ticks, TimeSpan.Zero);
}
