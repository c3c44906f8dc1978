using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Authorize;

/// <summary>Authorization requests that wait for their user. Expired ones are gone within the hour.</summary>
public interface IAuthorizationRequestStore
{
    Task AddAsync(AuthorizationRequest request, CancellationToken ct);

    Task<AuthorizationRequest?> FindAsync(string id, CancellationToken ct);

    /// <summary>
    /// Marks the request answered and, when the user allowed it, adds grant and code, all at once. False when it was
    /// answered before.
    /// </summary>
    Task<bool> TryAnswerAsync(string id, DateTimeOffset now, (Grant Grant, AuthorizationCode Code)? allowed, CancellationToken ct);
}
