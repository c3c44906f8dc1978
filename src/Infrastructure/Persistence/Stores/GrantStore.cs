using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Tokens;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class GrantStore(OAuthDbContext db, FoundGrant found, RevocationFeed revocations) : IGrantStore
{
    private static readonly HotQuery<Grant> OfEnabledUser = new($"\"Id\" = @p0 AND {FoundGrant.IsOfEnabledUser}");

    public async Task<Grant?> FindAsync(string grantId, CancellationToken ct) =>
        found.Take(grantId) ?? await OfEnabledUser.FirstAsync(db, [grantId], ct);

    public Task RevokeAsync(string grantId, DateTimeOffset now, CancellationToken ct) =>
        revocations.RevokeAsync(
            RevocationKind.Grant,
            async () =>
            {
                var revoked = await db
                    .Grants.Where(grant => grant.Id == grantId && grant.RevokedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.RevokedAt, now), ct);
                return (revoked, revoked > 0 ? grantId : null);
            },
            ct
        );
}
