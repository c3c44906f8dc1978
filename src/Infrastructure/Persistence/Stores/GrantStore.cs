using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class GrantStore(OAuthDbContext db) : IGrantStore
{
    public Task<Grant?> FindAsync(string grantId, CancellationToken ct) =>
        db
            .Grants.AsNoTracking()
            .FirstOrDefaultAsync(
                grant => grant.Id == grantId && db.Users.Any(user => user.Id == grant.Subject && user.DisabledAt == null),
                ct
            );

    public Task RevokeAsync(string grantId, DateTimeOffset now, CancellationToken ct) =>
        db
            .Grants.Where(grant => grant.Id == grantId && grant.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.RevokedAt, now), ct);
}
