using MediatR;

namespace OAuthMcp.Application.Accounts;

/// <summary>
/// The stamp that a session of the account has to carry; it changes with the password. A disabled or deleted account has none, and
/// neither has a session that was ended.
/// </summary>
/// <param name="SessionId">Null for a session that is about to begin.</param>
internal sealed record GetSessionStampQuery(string Subject, string? SessionId) : IRequest<SessionStamp>;

internal sealed record SessionStamp(string? Value)
{
    /// <summary>After how long without use a session ends.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);
}

internal sealed class GetSessionStampHandler(ISessionStamps stamps) : IRequestHandler<GetSessionStampQuery, SessionStamp>
{
    public Task<SessionStamp> Handle(GetSessionStampQuery query, CancellationToken ct) =>
        stamps.FindAsync(query.Subject, query.SessionId, ct);
}
