using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>The check in front of every protected request (RFC 6750 §3.1, RFC 9068 §4).</summary>
/// <param name="Peer">Who sent it; null where that is not known.</param>
internal sealed record CheckAccessTokenQuery(Secret Token, string? Peer = null) : IRequest<Result<CheckedAccessToken>>, IAudited
{
    private static readonly Audited Refusals = new(AuditWords.Access) { IsRoutine = true, IsOfRefusals = true };

    Audited IAudited.Audited => Refusals;
}

/// <param name="UserName">The account's name; null for a machine.</param>
internal sealed record CheckedAccessToken(AccessTokenClaims Token, string? UserName);

internal sealed class CheckAccessTokenHandler(IAccessTokenChecks tokens)
    : IRequestHandler<CheckAccessTokenQuery, Result<CheckedAccessToken>>
{
    public Task<Result<CheckedAccessToken>> Handle(CheckAccessTokenQuery query, CancellationToken ct) =>
        tokens.CheckAsync(query.Token, query.Peer, ct);
}
