using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class AuthorizationCodeStore(OAuthDbContext db) : IAuthorizationCodeStore
{
    public Task<AuthorizationCode?> FindAsync(TokenHash hash, CancellationToken ct) =>
        db.AuthorizationCodes.AsNoTracking().FirstOrDefaultAsync(code => code.Hash == hash, ct);

    public async Task<bool> TryRedeemAsync(TokenHash hash, DateTimeOffset now, RefreshToken? first, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var redeemed = await db
            .AuthorizationCodes.Where(code => code.Hash == hash && code.RedeemedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(code => code.RedeemedAt, now), ct);
        if (redeemed == 0)
            return false;

        if (first is not null)
        {
            db.Add(first);
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return true;
    }
}
