using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class RefreshTokenStore(OAuthDbContext db) : IRefreshTokenStore
{
    public Task<RefreshToken?> FindAsync(TokenHash hash, CancellationToken ct) =>
        db.RefreshTokens.AsNoTracking().FirstOrDefaultAsync(token => token.Hash == hash, ct);

    public async Task<bool> TryRotateAsync(TokenHash hash, DateTimeOffset now, string salt, RefreshToken successor, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var rotated = await db
            .RefreshTokens.Where(token =>
                token.Hash == hash
                && token.RotatedAt == null
                && db.Grants.Any(grant => grant.Id == token.GrantId && grant.RevokedAt == null)
            )
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.RotatedAt, now).SetProperty(token => token.SuccessorSalt, salt), ct);
        if (rotated == 0)
            return false;

        db.Add(successor);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }
}
