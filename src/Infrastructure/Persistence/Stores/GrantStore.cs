using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Tokens;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class GrantStore(OAuthDbContext db, RevocationFeed revocations) : IGrantStore
{
    private static readonly HotQuery<Grant> OfEnabledUser = new(
        """
        "Id" = @p0
        AND EXISTS (SELECT 1 FROM "AspNetUsers" AS "user" WHERE "user"."Id" = "Grants"."Subject" AND "user"."DisabledAt" IS NULL)
        """
    );

    public Task<Grant?> FindAsync(string grantId, CancellationToken ct) => OfEnabledUser.FirstAsync(db, [grantId], ct);

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
