using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class AuthorizationCodeStore(OAuthDbContext db, FoundGrant found) : IAuthorizationCodeStore
{
    private static readonly HotJoin<AuthorizationCode, Grant> ByHash = new(FoundGrant.Of("AuthorizationCodes"), "\"Hash\" = @p0");

    public Task<AuthorizationCode?> FindAsync(TokenHash hash, CancellationToken ct) => ByHash.FirstAsync(db, [hash], found.Keep, ct);

    public Task<bool> TryRedeemAsync(TokenHash hash, DateTimeOffset now, RefreshToken? first, CancellationToken ct) =>
        db.TryChangeAsync(
            // Not "IS NULL" alone: PostgreSQL would take the index of codes that were not redeemed for empty, and read all of it.
            $"""
            UPDATE "AuthorizationCodes" SET "RedeemedAt" = {now}
            WHERE "Hash" = {hash} AND CASE WHEN "RedeemedAt" IS NULL THEN 1 ELSE 0 END = 1
            """,
            first,
            removal: null,
            ct
        );
}
