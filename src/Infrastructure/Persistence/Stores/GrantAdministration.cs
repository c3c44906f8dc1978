using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class GrantAdministration(OAuthDbContext db, ILookupNormalizer names, RevocationFeed revocations, CurrentAct act)
    : IGrantAdministration
{
    public async Task<IReadOnlyList<ListedGrant>?> FindAsync(
        string? userName,
        string? clientId,
        DateTimeOffset now,
        int most,
        CancellationToken ct
    )
    {
        var name = userName is null ? null : names.NormalizeName(userName);
        if (name is not null && !await db.Users.AnyAsync(user => user.NormalizedUserName == name, ct))
            return null;
        return await db
            .Grants.Where(grant => grant.RevokedAt == null && grant.ExpiresAt > now && (clientId == null || grant.ClientId == clientId))
            .Join(
                db.Users.Where(user => user.DisabledAt == null && (name == null || user.NormalizedUserName == name)),
                grant => grant.Subject,
                user => user.Id,
                (grant, user) => new { Grant = grant, user.UserName }
            )
            .OrderByDescending(found => found.Grant.CreatedAt)
            .Take(most)
            .Select(found => new ListedGrant(
                found.Grant.Id,
                found.Grant.Subject,
                found.UserName!,
                found.Grant.ClientId,
                found.Grant.Scope,
                found.Grant.CreatedAt,
                // As the page of connected applications knows it.
                db.RefreshTokens.Where(token => token.GrantId == found.Grant.Id).Max(token => token.RotatedAt)
                    ?? db.AuthorizationCodes.Where(code => code.GrantId == found.Grant.Id).Max(code => code.RedeemedAt),
                found.Grant.ExpiresAt
            ))
            .ToListAsync(ct);
    }

    public Task<bool> TryRevokeAsync(string grantId, DateTimeOffset now, CancellationToken ct) =>
        revocations.RevokeAsync(
            RevocationKind.Grant,
            async () =>
            {
                var live = db.Grants.Where(grant => grant.Id == grantId && grant.RevokedAt == null && grant.ExpiresAt > now);
                if (await live.AsNoTracking().FirstOrDefaultAsync(ct) is not { } grant)
                    return (false, (string?)null);
                (act.Subject, act.ClientId) = (grant.Subject, grant.ClientId);
                await db.TakeTurnAsync(grant.Subject, ct);
                await db
                    .Consents.Where(consent => consent.Subject == grant.Subject && consent.ClientId == grant.ClientId)
                    .ExecuteDeleteAsync(ct);
                return await live.ExecuteUpdateAsync(set => set.SetProperty(row => row.RevokedAt, now), ct) > 0
                    ? (true, grantId)
                    : (false, null);
            },
            ct
        );
}
