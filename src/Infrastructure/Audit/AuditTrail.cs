using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Audit;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Audit;

/// <param name="hasTable">Whether there is a database for it. Where there is none, the stream of the log is the trail.</param>
internal sealed class AuditTrail(AuditBuffer buffer, AuditStream stream, IServiceScopeFactory scopes, bool hasTable) : IAuditTrail
{
    public void Note(AuditEvent happened) => buffer.Add(happened);

    public async Task WriteAsync(AuditEvent happened, CancellationToken ct)
    {
        if (!buffer.IsKept(happened))
            return;
        await StoreAsync([happened], ct);
        stream.Write(happened);
    }

    public void Tell(AuditEvent written) => stream.Write(written);

    /// <summary>Writes them all or none.</summary>
    public async Task StoreAsync(IReadOnlyList<AuditEvent> events, CancellationToken ct)
    {
        if (!hasTable || events.Count == 0)
            return;
        var rows = events.Select(AuditRow.Of).ToList();
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<OAuthDbContext>().WriteAsync(unit => unit.InsertAllAsync(rows), ct);
    }
}
