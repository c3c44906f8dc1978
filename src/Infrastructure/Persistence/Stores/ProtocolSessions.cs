using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class ProtocolSessions(OAuthDbContext db, RevocationFeed feed) : IProtocolSessions
{
    private const int Batch = 100;

    public async Task<bool> TryKeepAsync(
        string id,
        string subject,
        string opening,
        DateTimeOffset expiresAt,
        int limit,
        CancellationToken ct
    )
    {
        try
        {
            await db.WriteAsync(unit => KeepAsync(unit, new ProtocolSessionRow(HashOf(id), subject, opening, expiresAt), limit), ct);
            return true;
        }
        catch (Exception failure) when (failure is DbException or TimeoutException)
        {
            return false;
        }
    }

    private static async Task<int> KeepAsync(WriteUnit unit, ProtocolSessionRow session, int limit)
    {
        await unit.TryInsertNewAsync(session);
        return limit == 0
            ? 0
            : await unit.ExecuteAsync(
                $"""
                DELETE FROM "ProtocolSessions" WHERE "Id" IN (
                    SELECT "Id" FROM "ProtocolSessions" WHERE "Subject" = {session.Subject}
                    ORDER BY "ExpiresAt" DESC LIMIT {Batch} OFFSET {limit})
                """
            );
    }

    public async Task<string?> FindAsync(string id, string subject, DateTimeOffset now, CancellationToken ct)
    {
        var hash = HashOf(id);
        return await db
            .ProtocolSessions.Where(session => session.Id == hash && session.Subject == subject && session.ExpiresAt > now)
            .Select(session => session.Opening)
            .FirstOrDefaultAsync(ct);
    }

    public Task ForgetAsync(string id, string subject, CancellationToken ct)
    {
        var hash = HashOf(id);
        return feed.RevokeAsync(
            RevocationKind.Session,
            async () =>
                await db.ProtocolSessions.Where(session => session.Id == hash && session.Subject == subject).ExecuteDeleteAsync(ct) > 0
                    ? (true, hash.Value)
                    : (false, null),
            ct
        );
    }

    private static TokenHash HashOf(string id) => TokenHash.Of(new Secret(id));
}
