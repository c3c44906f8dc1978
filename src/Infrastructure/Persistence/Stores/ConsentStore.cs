using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Authorize;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class ConsentStore(OAuthDbContext db) : IConsentStore
{
    private static readonly HotQuery<Consent> OfClient = new("\"Subject\" = @p0 AND \"ClientId\" = @p1");

    public Task<Consent?> FindAsync(string subject, string clientId, CancellationToken ct) =>
        OfClient.FirstAsync(db, [subject, clientId], ct);
}
