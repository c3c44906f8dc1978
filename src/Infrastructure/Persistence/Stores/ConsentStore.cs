using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Authorize;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class ConsentStore(OAuthDbContext db) : IConsentStore
{
    public Task<Consent?> FindAsync(string subject, string clientId, CancellationToken ct) =>
        db.Consents.AsNoTracking().FirstOrDefaultAsync(consent => consent.Subject == subject && consent.ClientId == clientId, ct);

    public async Task RememberAsync(Consent consent, CancellationToken ct)
    {
        if (!await db.WriteAsync(unit => unit.TryInsertNewAsync(consent), ct))
            await ReplaceAsync(consent, ct);
    }

    private Task ReplaceAsync(Consent consent, CancellationToken ct) =>
        db
            .Consents.Where(known => known.Subject == consent.Subject && known.ClientId == consent.ClientId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(known => known.Scope, consent.Scope)
                        .SetProperty(known => known.ClientDigest, consent.ClientDigest)
                        .SetProperty(known => known.GivenAt, consent.GivenAt)
                        .SetProperty(known => known.ExpiresAt, consent.ExpiresAt),
                ct
            );
}
