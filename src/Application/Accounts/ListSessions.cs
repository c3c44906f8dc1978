using MediatR;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>The sessions of MCP clients, the newest first.</summary>
/// <param name="UserName">Whose; null for those of everybody.</param>
internal sealed record ListSessionsQuery(string? UserName) : IRequest<Result<ListedSessions>>
{
    /// <summary>How many are listed at most.</summary>
    public const int Most = 1000;
}

internal sealed record ListedSessions(IReadOnlyList<ListedSession> Sessions, bool HasMore);

/// <param name="Id">The hash of the session's own id, which opens nothing.</param>
/// <param name="Subject">Of its user, or the id of the machine.</param>
/// <param name="UserName">Null for a machine.</param>
/// <param name="Client">What the client calls itself and its version: untrusted text. Null when it did not say.</param>
internal sealed record ListedSession(string Id, string Subject, string? UserName, string? Client, DateTimeOffset ExpiresAt);

internal sealed class ListSessionsHandler(ISessionAdministration sessions, TimeProvider time)
    : IRequestHandler<ListSessionsQuery, Result<ListedSessions>>
{
    public async Task<Result<ListedSessions>> Handle(ListSessionsQuery query, CancellationToken ct) =>
        await sessions.FindAsync(query.UserName, time.GetUtcNow(), ListSessionsQuery.Most + 1, ct) is { } found
            ? new ListedSessions([.. found.Take(ListSessionsQuery.Most)], found.Count > ListSessionsQuery.Most)
            : OAuthError.InvalidRequest($"There is no account {query.UserName}.");
}
