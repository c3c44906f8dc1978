using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Authorize;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class ConsentStore(OAuthDbContext db) : IConsentStore
{
    public Task<Consent?> FindAsync(string subject, string clientId, CancellationToken ct) =>
        db.Consents.AsNoTracking().FirstOrDefaultAsync(consent => consent.Subject == subject && consent.ClientId == clientId, ct);
}
