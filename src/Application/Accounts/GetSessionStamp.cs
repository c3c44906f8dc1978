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

internal sealed class GetSessionStampHandler(ISessionStamps stamps) : IRequestHandler<GetSessionStampQuery, SessionStamp>
{
    public Task<SessionStamp> Handle(GetSessionStampQuery query, CancellationToken ct) =>
        stamps.FindAsync(query.Subject, query.SessionId, ct);
}
