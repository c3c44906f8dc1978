using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Protocol;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>Sessions live in their cookies. Only those that were ended are stored, as ids that are used up.</summary>
internal sealed class SessionStamps(OAuthDbContext db, IUsedOnce used) : ISessionStamps
{
    private const string Stamp = """
        SELECT "SecurityStamp" FROM "AspNetUsers" WHERE "Id" = @p0 AND "DisabledAt" IS NULL
        AND NOT EXISTS (SELECT 1 FROM "UsedOnce" AS "ended" WHERE "ended"."Kind" = @p1 AND "ended"."Id" = @p2)
        """;

    public async Task<SessionStamp> FindAsync(string subject, string? sessionId, CancellationToken ct)
    {
        var values = StatementValues.Of(db.Model, [subject, UsedKind.Session, sessionId ?? ""]);
        return new(await db.ReadAsync(Stamp, values, row => row.IsDBNull(0) ? null! : row.GetString(0), ct));
    }

    public Task EndAsync(string sessionId, DateTimeOffset until, CancellationToken ct) =>
        used.TryUseAsync(UsedKind.Session, sessionId, until, ct);
}
