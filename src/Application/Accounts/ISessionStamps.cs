namespace OAuthMcp.Application.Accounts;

/// <summary>The stamps of accounts, and the sessions that were ended before their time.</summary>
internal interface ISessionStamps
{
    Task<SessionStamp> FindAsync(string subject, string? sessionId, CancellationToken ct);

    /// <param name="until">When the session would have ended anyway.</param>
    Task EndAsync(string sessionId, DateTimeOffset until, CancellationToken ct);
}
