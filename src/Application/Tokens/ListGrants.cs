using MediatR;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>What is allowed at the moment, the newest first.</summary>
/// <param name="UserName">By whom; null for everybody.</param>
/// <param name="ClientId">To whom; null for every client.</param>
internal sealed record ListGrantsQuery(string? UserName, string? ClientId) : IRequest<Result<ListedGrants>>
{
    /// <summary>How many are listed at most.</summary>
    public const int Most = 1000;
}

internal sealed record ListedGrants(IReadOnlyList<ListedGrant> Grants, bool HasMore);

/// <param name="LastUsedAt">When its client last got a token; null when it never came for one.</param>
internal sealed record ListedGrant(
    string Id,
    string Subject,
    string UserName,
    string ClientId,
    ScopeSet Scope,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset ExpiresAt
);

internal sealed class ListGrantsHandler(IGrantAdministration grants, TimeProvider time)
    : IRequestHandler<ListGrantsQuery, Result<ListedGrants>>
{
    public async Task<Result<ListedGrants>> Handle(ListGrantsQuery query, CancellationToken ct) =>
        await grants.FindAsync(query.UserName, query.ClientId, time.GetUtcNow(), ListGrantsQuery.Most + 1, ct) is { } found
            ? new ListedGrants([.. found.Take(ListGrantsQuery.Most)], found.Count > ListGrantsQuery.Most)
            : OAuthError.InvalidRequest($"There is no account {query.UserName}.");
}
