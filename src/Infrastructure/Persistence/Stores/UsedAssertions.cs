using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Clients;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

/// <summary>Single use by the primary key: insert or fail.</summary>
internal sealed class UsedAssertions(OAuthDbContext db) : IUsedAssertions
{
    public async Task<bool> TryUseAsync(string clientId, ClientAssertion assertion, CancellationToken ct)
    {
        db.UsedAssertions.Add(new UsedAssertion(clientId, assertion.JwtId, assertion.ExpiresAt));
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException)
        {
            db.ChangeTracker.Clear();
            if (!await db.UsedAssertions.AnyAsync(used => used.ClientId == clientId && used.JwtId == assertion.JwtId, ct)) throw;
            return false;
        }
    }
}
