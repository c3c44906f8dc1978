using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

/// <summary>
/// Reads when a client was last seen from the codes and refresh tokens that it exchanged, so that nothing is written for it.
/// </summary>
internal sealed class Connections(OAuthDbContext db, RevocationFeed revocations) : IConnections
{
    public async Task<IReadOnlyList<Connection>> ListAsync(string subject, DateTimeOffset now, CancellationToken ct)
    {
        var granted = await db
            .Grants.Where(grant => grant.Subject == subject && grant.RevokedAt == null && grant.ExpiresAt > now)
            .Select(grant => new
            {
                grant.ClientId,
                grant.Scope,
                grant.CreatedAt,
                RedeemedAt = db.AuthorizationCodes.Where(code => code.GrantId == grant.Id).Max(code => code.RedeemedAt),
                RotatedAt = db.RefreshTokens.Where(token => token.GrantId == grant.Id).Max(token => token.RotatedAt),
            })
            .ToListAsync(ct);
        var remembered = await db
            .Consents.Where(consent => consent.Subject == subject && consent.ExpiresAt > now)
            .Select(consent => new
            {
                consent.ClientId,
                consent.Scope,
                consent.GivenAt,
            })
            .ToListAsync(ct);
        return
        [
            .. granted
                .Select(grant => new Connection(grant.ClientId, grant.Scope, grant.CreatedAt, grant.RotatedAt ?? grant.RedeemedAt))
                .Concat(remembered.Select(consent => new Connection(consent.ClientId, consent.Scope, consent.GivenAt, null)))
                .GroupBy(part => part.ClientId)
                .Select(parts => new Connection(
                    parts.Key,
                    ScopeSet.Of(parts.SelectMany(part => part.Scope)),
                    parts.Min(part => part.ConnectedAt),
                    parts.Max(part => part.LastUsedAt)
                )),
        ];
    }

    public Task<bool> DisconnectAsync(string subject, string clientId, DateTimeOffset now, CancellationToken ct) =>
        revocations.RevokeAsync(
            RevocationKind.User,
            async () =>
            {
                await db.TakeTurnAsync(subject, ct);
                var forgotten = await db
                    .Consents.Where(consent => consent.Subject == subject && consent.ClientId == clientId)
                    .ExecuteDeleteAsync(ct);
                var revoked = await db
                    .Grants.Where(grant => grant.Subject == subject && grant.ClientId == clientId && grant.RevokedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.RevokedAt, now), ct);
                return (forgotten + revoked > 0, revoked > 0 ? subject : null);
            },
            ct
        );
}
