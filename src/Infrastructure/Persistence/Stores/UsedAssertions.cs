using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Protocol;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

/// <summary>Single use by the primary key: insert or fail.</summary>
internal sealed class UsedAssertions(OAuthDbContext db) : IUsedOnce
{
    public async Task<bool> TryUseAsync(string owner, string id, DateTimeOffset expiresAt, CancellationToken ct)
    {
        db.UsedAssertions.Add(new UsedAssertion(owner, id, expiresAt));
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException)
        {
            db.ChangeTracker.Clear();
            if (!await db.UsedAssertions.AnyAsync(used => used.ClientId == owner && used.JwtId == id, ct))
                throw;
            return false;
        }
    }
}
