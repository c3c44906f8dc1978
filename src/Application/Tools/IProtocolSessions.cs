namespace OAuthMcp.Application.Tools;

/// <summary>
/// The sessions of MCP revisions that have them, as far as another node, or this one after a restart, needs to go on with them.
/// </summary>
internal interface IProtocolSessions
{
    /// <param name="opening">What the client said of itself when it opened the session, as JSON.</param>
    /// <param name="limit">How many sessions of the subject are kept, the newest ones; 0 for no limit.</param>
    /// <returns>False where the database takes nothing now: then the session ends with this process.</returns>
    Task<bool> TryKeepAsync(string id, string subject, string opening, DateTimeOffset expiresAt, int limit, CancellationToken ct);

    /// <summary>What the client said of itself; null when there is no such session of the subject.</summary>
    Task<string?> FindAsync(string id, string subject, DateTimeOffset now, CancellationToken ct);

    /// <summary>The subject has ended the session, and every node that has it open hears of that.</summary>
    Task ForgetAsync(string id, string subject, CancellationToken ct);
}
