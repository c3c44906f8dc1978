using MediatR;

namespace OAuthMcp.Application.Accounts;

/// <summary>
/// What a browser's session of an account is good for: the stamp that it carries has to be the account's own, which
/// changes with the password. An account that is disabled or gone has none, and neither has a session that was ended.
/// </summary>
/// <param name="SessionId">Null for a session that is about to begin.</param>
public sealed record GetSessionStampQuery(string Subject, string? SessionId) : IRequest<SessionStamp>;

public sealed record SessionStamp(string? Value)
{
    /// <summary>How long a session lasts that is not used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);
}

/// <summary>The stamps of accounts, and the sessions that were ended before their time.</summary>
public interface ISessionStamps
{
    Task<SessionStamp> FindAsync(string subject, string? sessionId, CancellationToken ct);

    /// <param name="until">When the session would have ended anyway.</param>
    Task EndAsync(string sessionId, DateTimeOffset until, CancellationToken ct);
}

internal sealed class GetSessionStampHandler(ISessionStamps stamps) : IRequestHandler<GetSessionStampQuery, SessionStamp>
{
    public Task<SessionStamp> Handle(GetSessionStampQuery query, CancellationToken ct) => stamps.FindAsync(query.Subject, query.SessionId, ct);
}
