using System.Data.Common;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence.Mapping;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

/// <summary>The state of a token is read by a statement of its own, for every token that a server sees.</summary>
internal sealed class AccessTokenStore(Lazy<OAuthDbContext> db, RevocationFeed revocations) : IAccessTokenStore
{
    // A client without a row is configured or described by a document; deleting a client revoked its grants.
    private const string OfUser = """
        SELECT granted."Subject", granted."ClientId", granted."Scope", account."UserName",
            EXISTS (SELECT 1 FROM "RevokedAccessTokens" WHERE "JwtId" = @p0),
            granted."RevokedAt" IS NOT NULL, account."DisabledAt" IS NOT NULL, client."DisabledAt" IS NOT NULL
        FROM "Grants" AS granted
        JOIN "AspNetUsers" AS account ON account."Id" = granted."Subject"
        LEFT JOIN "Clients" AS client ON client."Id" = granted."ClientId"
        WHERE granted."Id" = @p1
        """;

    private const string OfMachine = """SELECT 1 FROM "RevokedAccessTokens" WHERE "JwtId" = @p0""";

    public Task RevokeAsync(AccessTokenClaims token, CancellationToken ct) =>
        revocations.RevokeAsync(
            RevocationKind.Token,
            async () =>
            {
                var row = new RevokedAccessToken(token.JwtId, token.ExpiresAt);
                var isNew = await db.Value.WriteAsync(unit => unit.TryInsertNewAsync(row), ct);
                return (isNew, isNew ? token.JwtId : null);
            },
            ct
        );

    public async Task<AccessTokenStatus> FindStatusAsync(AccessTokenClaims token, CancellationToken ct)
    {
        var model = db.Value.Model;
        return token.GrantId is null
            ? await db.Value.ReadAsync(
                OfMachine,
                StatementValues.Of(model, [token.JwtId]),
                _ => new AccessTokenStatus("token revoked", null),
                ct
            ) ?? new AccessTokenStatus(null, null)
            : await db.Value.ReadAsync(
                OfUser,
                StatementValues.Of(model, [token.JwtId, token.GrantId]),
                row => new AccessTokenStatus(Judge(token, row), row.IsDBNull(3) ? null : row.GetString(3)),
                ct
            ) ?? new AccessTokenStatus("its grant or user is gone", null);
    }

    // The id of a grant is no secret, so the token must be of the subject and client of its grant.
    private static string? Judge(AccessTokenClaims token, DbDataReader row) =>
        row.GetString(0) != token.Subject || row.GetString(1) != token.ClientId ? "its grant is somebody else's"
        : !ScopeSetConverter.Read(row.GetString(2)).Covers(token.Scope) ? "its grant has less scope"
        : row.GetBoolean(4) ? "token revoked"
        : row.GetBoolean(5) ? "grant revoked"
        : row.GetBoolean(6) ? "user disabled"
        : row.GetBoolean(7) ? "client disabled"
        : null;
}
