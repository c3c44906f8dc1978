using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class RefreshTokenStore(OAuthDbContext db, FoundGrant found) : IRefreshTokenStore
{
    private static readonly HotJoin<RefreshToken, Grant> ByHash = new(FoundGrant.Of("RefreshTokens"), "\"Hash\" = @p0");

    public Task<RefreshToken?> FindAsync(TokenHash hash, CancellationToken ct) => ByHash.FirstAsync(db, [hash], found.Keep, ct);

    public Task<RefreshToken?> FindNewestAsync(TokenHash family, CancellationToken ct) =>
        db
            .RefreshTokens.AsNoTracking()
            .Where(token => token.Family == family)
            .OrderByDescending(token => token.Generation)
            .FirstOrDefaultAsync(ct);

    public Task<bool> TryRotateAsync(TokenHash hash, DateTimeOffset now, string salt, RefreshToken successor, CancellationToken ct)
    {
        var oldest = successor.Generation - RefreshToken.Kept;
        return db.TryChangeAsync(
            $"""
            UPDATE "RefreshTokens" SET "RotatedAt" = {now}, "SuccessorSalt" = {salt}
            WHERE "Hash" = {hash} AND "RotatedAt" IS NULL
            AND EXISTS (SELECT 1 FROM "Grants" WHERE "Id" = "RefreshTokens"."GrantId" AND "RevokedAt" IS NULL)
            """,
            successor,
            successor.Family is { } family
                ? $"""DELETE FROM "RefreshTokens" WHERE "Family" = {family} AND "Generation" < {oldest}"""
                : (FormattableString?)null,
            ct
        );
    }
}
