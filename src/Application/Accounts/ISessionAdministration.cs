namespace OAuthMcp.Application.Accounts;

/// <summary>
/// What an operator does with sessions. Those of MCP clients are stored, and can be listed and ended one by one. Those of browsers live
/// in their cookies, and can only be ended all at once.
/// </summary>
internal interface ISessionAdministration
{
    /// <summary>The sessions of MCP clients, those that began last first; null when there is no such account.</summary>
    /// <param name="userName">Null for those of everybody.</param>
    /// <param name="most">How many at most.</param>
    Task<IReadOnlyList<ListedSession>?> FindAsync(string? userName, DateTimeOffset now, int most, CancellationToken ct);

    /// <summary>Ends one of them at every node. False when there is none.</summary>
    Task<bool> TryEndAsync(string id, CancellationToken ct);

    /// <summary>Ends those of the account and every session of its browsers. Its grants go on, so its clients can open new ones.</summary>
    /// <returns>How many were those of MCP clients; null when there is no such account.</returns>
    Task<int?> EndAllOfAsync(string userName, CancellationToken ct);
}
