namespace OAuthMcp.Application.Authorize;

/// <summary>What stands between a user and the clients: live grants and remembered consent, as one thing for each client.</summary>
public interface IConnections
{
    Task<IReadOnlyList<Connection>> ListAsync(string subject, DateTimeOffset now, CancellationToken ct);

    /// <summary>Revokes every grant of the user to the client and forgets the consent, all at once.</summary>
    Task DisconnectAsync(string subject, string clientId, DateTimeOffset now, CancellationToken ct);
}
