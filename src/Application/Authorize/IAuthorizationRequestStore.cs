using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Authorize;

/// <summary>Authorization requests that wait for their user. Expired ones are gone within a minute.</summary>
internal interface IAuthorizationRequestStore
{
    /// <summary>False when <paramref name="limit"/> requests are open already; 0 is no limit.</summary>
    Task<bool> TryAddAsync(AuthorizationRequest request, int limit, CancellationToken ct);

    /// <summary>Takes the request out, answered or not.</summary>
    /// <param name="id">Null for the oldest of all.</param>
    Task DropAsync(string? id, CancellationToken ct);

    Task<AuthorizationRequest?> FindAsync(string id, CancellationToken ct);

    /// <summary>Notes at which provider the user signs in. False when the request was answered before.</summary>
    Task<bool> TryChooseAsync(string id, string provider, CancellationToken ct);

    /// <summary>Notes what was allowed before the user goes to the provider. False when the request was answered before.</summary>
    Task<bool> TryApproveAsync(string id, ScopeSet scope, CancellationToken ct);

    /// <summary>
    /// Marks the request answered and, when the user allowed it, adds grant, code and consent, all at once. False when it was
    /// answered before, or the account that allows it is disabled, gone or has a new password.
    /// </summary>
    /// <param name="allowed">Null for a denial.</param>
    Task<bool> TryAnswerAsync(string id, DateTimeOffset now, Allowed? allowed, CancellationToken ct);
}
