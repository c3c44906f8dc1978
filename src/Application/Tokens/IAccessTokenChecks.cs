using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>Whose tokens open this server: the embedded authorization server's or an external one's.</summary>
internal interface IAccessTokenChecks
{
    /// <summary>
    /// What a live token says. Otherwise <c>invalid_token</c> with the check that failed, or <c>temporarily_unavailable</c> while
    /// that cannot be told.
    /// </summary>
    /// <param name="peer">Who sent it, where that is known. One peer must not keep others waiting.</param>
    Task<Result<CheckedAccessToken>> CheckAsync(Secret token, string? peer, CancellationToken ct);
}
