using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Tokens;

internal interface IRefreshTokenStore
{
    Task<RefreshToken?> FindAsync(TokenHash hash, CancellationToken ct);

    /// <summary>The last token of a family, rotated or not; null when there is no such family.</summary>
    Task<RefreshToken?> FindNewestAsync(TokenHash family, CancellationToken ct);

    /// <summary>
    /// Marks the token rotated with <paramref name="salt"/>, adds its successor and drops all but the last few of the family, at once.
    /// </summary>
    /// <returns>False when it was rotated before or its grant is revoked: of any number of parallel calls one wins.</returns>
    Task<bool> TryRotateAsync(TokenHash hash, DateTimeOffset now, string salt, RefreshToken successor, CancellationToken ct);
}
