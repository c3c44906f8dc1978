using OAuthMcp.Application.Protocol;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

/// <summary>The primary key makes sure of single use.</summary>
internal sealed class UsedOnce(OAuthDbContext db) : IUsedOnce
{
    public Task<bool> TryUseAsync(UsedKind kind, string id, DateTimeOffset expiresAt, CancellationToken ct) =>
        db.WriteAsync(unit => unit.TryInsertNewAsync(new UsedOnceRow(kind, id, expiresAt)), ct);
}
