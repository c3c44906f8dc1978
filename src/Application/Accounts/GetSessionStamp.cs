using MediatR;

namespace OAuthMcp.Application.Accounts;

/// <summary>
/// What a browser's session of an account is good for: the stamp that it carries has to be the account's own, which
/// changes with the password. An account that is disabled or gone has none.
/// </summary>
public sealed record GetSessionStampQuery(string Subject) : IRequest<SessionStamp>;

public sealed record SessionStamp(string? Value);

/// <summary>The stamps of accounts.</summary>
public interface ISessionStamps
{
    Task<SessionStamp> FindAsync(string subject, CancellationToken ct);
}

internal sealed class GetSessionStampHandler(ISessionStamps stamps) : IRequestHandler<GetSessionStampQuery, SessionStamp>
{
    public Task<SessionStamp> Handle(GetSessionStampQuery query, CancellationToken ct) => stamps.FindAsync(query.Subject, ct);
}
