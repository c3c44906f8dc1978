using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class AccessTokenStore(OAuthDbContext db, RevocationFeed revocations) : IAccessTokenStore
{
    // Compiled, for each model since a database has its own, because it runs for every token that a server sees.
    private static readonly ConcurrentDictionary<IModel, Func<OAuthDbContext, string, string, Task<Row?>>> Compiled = new();

    // A client without a row is configured or described by a document; deleting a client revoked its grants.
    private static Func<OAuthDbContext, string, string, Task<Row?>> Compile() =>
        EF.CompileAsyncQuery(
            (OAuthDbContext db, string grantId, string jwtId) =>
                (
                    from grant in db.Grants
                    where grant.Id == grantId
                    join user in db.Users on grant.Subject equals user.Id
                    select new Row(
                        grant.Subject,
                        grant.ClientId,
                        grant.Scope,
                        grant.RevokedAt,
                        user.DisabledAt,
                        db.Clients.Where(client => client.Id == grant.ClientId).Select(client => client.DisabledAt).FirstOrDefault(),
                        user.UserName,
                        db.RevokedAccessTokens.Any(token => token.JwtId == jwtId)
                    )
                ).FirstOrDefault()
        );

    public Task RevokeAsync(AccessTokenClaims token, CancellationToken ct) =>
        revocations.RevokeAsync(
            RevocationKind.Token,
            async () =>
            {
                var row = new RevokedAccessToken(token.JwtId, token.ExpiresAt);
                var isNew = await db.WriteAsync(unit => unit.TryInsertNewAsync(row), ct);
                return (isNew, isNew ? token.JwtId : null);
            },
            ct
        );

    public async Task<AccessTokenStatus> FindStatusAsync(AccessTokenClaims token, CancellationToken ct)
    {
        if (token.GrantId is null)
            return new AccessTokenStatus(await IsRevokedAsync(token, ct) ? "token revoked" : null, null);
        var row = await Compiled.GetOrAdd(db.Model, _ => Compile())(db, token.GrantId, token.JwtId);
        return new AccessTokenStatus(
            row switch
            {
                null => "its grant or user is gone",
                // The id of a grant is no secret, so the token must be of the subject and client of its grant.
                _ when row.Subject != token.Subject || row.ClientId != token.ClientId => "its grant is somebody else's",
                _ when !row.Scope.Covers(token.Scope) => "its grant has less scope",
                { TokenRevoked: true } => "token revoked",
                { GrantRevokedAt: not null } => "grant revoked",
                { UserDisabledAt: not null } => "user disabled",
                { ClientDisabledAt: not null } => "client disabled",
                _ => null,
            },
            row?.UserName
        );
    }

    private Task<bool> IsRevokedAsync(AccessTokenClaims token, CancellationToken ct) =>
        db.RevokedAccessTokens.AnyAsync(revoked => revoked.JwtId == token.JwtId, ct);

    internal sealed record Row(
        string Subject,
        string ClientId,
        ScopeSet Scope,
        DateTimeOffset? GrantRevokedAt,
        DateTimeOffset? UserDisabledAt,
        DateTimeOffset? ClientDisabledAt,
        string? UserName,
        bool TokenRevoked
    );
}
