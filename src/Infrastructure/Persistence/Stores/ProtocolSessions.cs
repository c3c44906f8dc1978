using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class ProtocolSessions(OAuthDbContext db) : IProtocolSessions
{
    public Task KeepAsync(string id, string subject, string opening, DateTimeOffset expiresAt, int limit, CancellationToken ct) =>
        db.WriteAsync(
            async unit =>
            {
                await unit.TryInsertNewAsync(new ProtocolSessionRow(HashOf(id), subject, opening, expiresAt));
                return limit == 0
                    ? 0
                    : await unit.ExecuteAsync(
                        $"""
                        DELETE FROM "ProtocolSessions" WHERE "Id" IN (
                            SELECT "Id" FROM "ProtocolSessions" WHERE "Subject" = {subject}
                            ORDER BY "ExpiresAt" DESC LIMIT {Batch} OFFSET {limit})
                        """
                    );
            },
            ct
        );

    public async Task<string?> FindAsync(string id, string subject, DateTimeOffset now, CancellationToken ct)
    {
        var hash = HashOf(id);
        return await db
            .ProtocolSessions.Where(session => session.Id == hash && session.Subject == subject && session.ExpiresAt > now)
            .Select(session => session.Opening)
            .FirstOrDefaultAsync(ct);
    }

    public async Task ForgetAsync(string id, string subject, CancellationToken ct)
    {
        var hash = HashOf(id);
        await db.ProtocolSessions.Where(session => session.Id == hash && session.Subject == subject).ExecuteDeleteAsync(ct);
    }

    private const int Batch = 100;

    private static TokenHash HashOf(string id) => TokenHash.Of(new Secret(id));
}
