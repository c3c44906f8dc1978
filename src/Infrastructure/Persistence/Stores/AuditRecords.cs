using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Audit;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

/// <summary>Reads by the key, which is in the order of time, until enough is found.</summary>
internal sealed class AuditRecords(OAuthDbContext db) : IAuditRecords
{
    public async Task<IReadOnlyList<ListedEvent>> ListAsync(ListAuditQuery filter, CancellationToken ct)
    {
        var rows = db.Audit.AsNoTracking();
        if (filter.Since is { } since)
            rows = rows.Where(row => row.At >= since);
        if (filter.Subject is { } subject)
            rows = rows.Where(row => row.Subject == subject || row.Name == subject || row.Actor == subject);
        if (filter.ClientId is { } client)
            rows = rows.Where(row => row.ClientId == client);
        if (filter.What is { } what)
            rows = rows.Where(row => row.What == what);
        return
        [
            .. (await rows.OrderByDescending(row => row.Id).Take(filter.Limit).ToListAsync(ct)).Select(row => new ListedEvent(
                row.At,
                row.What,
                row.Act,
                row.Decision,
                row.ClientId,
                row.Subject,
                row.Name,
                row.Actor,
                row.Scope,
                row.ErrorCode,
                row.Reason,
                row.Peer,
                row.TraceId
            )),
        ];
    }
}
