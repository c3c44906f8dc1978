using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class AuthorizationCodeStore(OAuthDbContext db) : IAuthorizationCodeStore
{
    private static readonly HotQuery<AuthorizationCode> ByHash = new("\"Hash\" = @p0");

    public Task<AuthorizationCode?> FindAsync(TokenHash hash, CancellationToken ct) => ByHash.FirstAsync(db, [hash], ct);

    public Task<bool> TryRedeemAsync(TokenHash hash, DateTimeOffset now, RefreshToken? first, CancellationToken ct) =>
        db.WriteAsync(
            async unit =>
            {
                var redeemed = await unit.ExecuteAsync(
                    $"""UPDATE "AuthorizationCodes" SET "RedeemedAt" = {now} WHERE "Hash" = {hash} AND "RedeemedAt" IS NULL"""
                );
                if (redeemed > 0 && first is not null)
                    await unit.InsertAsync(first);
                return redeemed > 0;
            },
            ct
        );
}
