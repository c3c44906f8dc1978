namespace OAuthMcp.Application.Authorize;

/// <summary>What users have allowed clients, grants and remembered consent alike, as one entry for each client.</summary>
internal interface IConnections
{
    Task<IReadOnlyList<Connection>> ListAsync(string subject, DateTimeOffset now, CancellationToken ct);

    /// <summary>Revokes every grant of the user to the client and forgets the consent, all at once.</summary>
    /// <returns>Whether there was anything to take back.</returns>
    Task<bool> DisconnectAsync(string subject, string clientId, DateTimeOffset now, CancellationToken ct);
}
