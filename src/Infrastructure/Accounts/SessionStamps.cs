using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Protocol;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>Sessions live in their cookies. Only those that were ended are stored, as ids that are used up.</summary>
internal sealed class SessionStamps(OAuthDbContext db, IUsedOnce used) : ISessionStamps
{
    public async Task<SessionStamp> FindAsync(string subject, string? sessionId, CancellationToken ct) =>
        new(
            await db
                .Users.Where(user =>
                    user.Id == subject
                    && user.DisabledAt == null
                    && !db.UsedOnce.Any(ended => ended.Kind == UsedKind.Session && ended.Id == sessionId)
                )
                .Select(user => user.SecurityStamp)
                .FirstOrDefaultAsync(ct)
        );

    public Task EndAsync(string sessionId, DateTimeOffset until, CancellationToken ct) =>
        used.TryUseAsync(UsedKind.Session, sessionId, until, ct);
}
