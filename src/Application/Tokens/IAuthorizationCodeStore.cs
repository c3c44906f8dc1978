using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Tokens;

internal interface IAuthorizationCodeStore
{
    Task<AuthorizationCode?> FindAsync(TokenHash hash, CancellationToken ct);

    /// <summary>
    /// Marks the code spent and adds the family's first refresh token, all at once. False when the code was spent
    /// before: of any number of parallel calls one wins.
    /// </summary>
    Task<bool> TryRedeemAsync(TokenHash hash, DateTimeOffset now, RefreshToken? first, CancellationToken ct);
}
