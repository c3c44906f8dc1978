using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class RefreshTokenStore(OAuthDbContext db) : IRefreshTokenStore
{
    private static readonly HotQuery<RefreshToken> ByHash = new("\"Hash\" = @p0");

    public Task<RefreshToken?> FindAsync(TokenHash hash, CancellationToken ct) => ByHash.FirstAsync(db, [hash], ct);

    public Task<RefreshToken?> FindNewestAsync(TokenHash family, CancellationToken ct) =>
        db
            .RefreshTokens.AsNoTracking()
            .Where(token => token.Family == family)
            .OrderByDescending(token => token.Generation)
            .FirstOrDefaultAsync(ct);

    public Task<bool> TryRotateAsync(TokenHash hash, DateTimeOffset now, string salt, RefreshToken successor, CancellationToken ct) =>
        db.WriteAsync(
            async unit =>
            {
                var rotated = await unit.ExecuteAsync(
                    $"""
                    UPDATE "RefreshTokens" SET "RotatedAt" = {now}, "SuccessorSalt" = {salt}
                    WHERE "Hash" = {hash} AND "RotatedAt" IS NULL
                    AND EXISTS (SELECT 1 FROM "Grants" WHERE "Id" = "RefreshTokens"."GrantId" AND "RevokedAt" IS NULL)
                    """
                );
                if (rotated == 0)
                    return false;
                await unit.InsertAsync(successor);
                var oldest = successor.Generation - RefreshToken.Kept;
                if (successor.Family is { } family)
                    await unit.ExecuteAsync($"""DELETE FROM "RefreshTokens" WHERE "Family" = {family} AND "Generation" < {oldest}""");
                return true;
            },
            ct
        );
}
