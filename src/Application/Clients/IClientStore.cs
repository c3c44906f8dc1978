using OAuthMcp.Domain.Clients;

namespace OAuthMcp.Application.Clients;

/// <summary>
/// The clients that registered themselves, that an operator added, and that described themselves to a user. It owns no rule.
/// </summary>
internal interface IClientStore
{
    /// <summary>False when <paramref name="limit"/> clients are there already; 0 is no limit.</summary>
    Task<bool> TryAddAsync(Client client, int limit, CancellationToken ct);

    /// <summary>Deletes a client that registered itself. False when somebody has used it or an operator disabled it.</summary>
    /// <param name="clientId">Null for the oldest of those that may go.</param>
    Task<bool> TryForgetUnusedAsync(string? clientId, CancellationToken ct);

    Task<Client?> FindAsync(string clientId, CancellationToken ct);

    /// <summary>Replaces the client with its id, if there is one.</summary>
    Task ReplaceAsync(Client client, CancellationToken ct);

    /// <summary>Deletes the client and revokes what users granted it, all at once.</summary>
    Task DeleteAsync(string clientId, DateTimeOffset now, CancellationToken ct);
}
