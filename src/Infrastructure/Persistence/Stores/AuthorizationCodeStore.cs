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
            $"""UPDATE "AuthorizationCodes" SET "RedeemedAt" = {now} WHERE "Hash" = {hash} AND "RedeemedAt" IS NULL""",
            first,
            removal: null,
            ct
        );
}
