using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Accounts;

internal sealed class SessionAdministration(OAuthDbContext db, ILookupNormalizer names, RevocationFeed feed, CurrentAct act)
    : ISessionAdministration
{
    public async Task<IReadOnlyList<ListedSession>?> FindAsync(string? userName, DateTimeOffset now, int most, CancellationToken ct)
    {
        var subject = userName is null ? null : await FindSubjectAsync(userName, ct);
        if (userName is not null && subject is null)
            return null;
        var rows = await db
            .ProtocolSessions.Where(session => session.ExpiresAt > now && (subject == null || session.Subject == subject))
            .OrderByDescending(session => session.ExpiresAt)
            .Take(most)
            .Select(session => new
            {
                session.Id,
                session.Subject,
                session.Opening,
                session.ExpiresAt,
                UserName = db.Users.Where(user => user.Id == session.Subject).Select(user => user.UserName).FirstOrDefault(),
            })
            .ToListAsync(ct);
        return [.. rows.Select(row => new ListedSession(row.Id.Value, row.Subject, row.UserName, ClientOf(row.Opening), row.ExpiresAt))];
    }

    public Task<bool> TryEndAsync(string id, CancellationToken ct) =>
        feed.RevokeAsync(
            RevocationKind.Session,
            async () => await TryDeleteAsync(new TokenHash(id), ct) ? (true, id) : (false, (string?)null),
            ct
        );

    public Task<int?> EndAllOfAsync(string userName, CancellationToken ct) =>
        feed.RevokeEachAsync<int?>(
            RevocationKind.Session,
            async () =>
            {
                if (await FindSubjectAsync(userName, ct) is not { } subject)
                    return (null, []);
                act.Subject = subject;
                await db.TakeTurnAsync(subject, ct);
                // Each session of a browser carries the stamp that it began with.
                var stamp = Guid.NewGuid().ToString("N");
                await db
                    .Users.Where(user => user.Id == subject)
                    .ExecuteUpdateAsync(set => set.SetProperty(user => user.SecurityStamp, stamp), ct);
                var ended = await DeleteAllOfAsync(subject, ct);
                return (ended.Count, ended);
            },
            ct
        );

    // One by one, so that each that is deleted is told, also where clients open others meanwhile.
    private async Task<IReadOnlyList<string>> DeleteAllOfAsync(string subject, CancellationToken ct)
    {
        await db.AllowLongWorkAsync(ct);
        List<string> deleted = [];
        foreach (
            var id in await db.ProtocolSessions.Where(session => session.Subject == subject).Select(session => session.Id).ToListAsync(ct)
        )
            if (await TryDeleteAsync(id, ct))
                deleted.Add(id.Value);
        return deleted;
    }

    private async Task<bool> TryDeleteAsync(TokenHash id, CancellationToken ct) =>
        await db.ProtocolSessions.Where(session => session.Id == id).ExecuteDeleteAsync(ct) > 0;

    private Task<string?> FindSubjectAsync(string userName, CancellationToken ct)
    {
        var name = names.NormalizeName(userName);
        return db.Users.Where(user => user.NormalizedUserName == name).Select(user => user.Id).FirstOrDefaultAsync(ct);
    }

    /// <param name="opening">The parameters of the client's <c>initialize</c>.</param>
    private static string? ClientOf(string opening)
    {
        using var said = JsonDocument.Parse(opening);
        return said.RootElement.TryGetProperty("clientInfo", out var client) && client.TryGetProperty("name", out var name)
            ? $"{name.GetString()} {(client.TryGetProperty("version", out var version) ? version.GetString() : null)}".Trim()
            : null;
    }
}
