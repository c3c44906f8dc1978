using MediatR;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>The check in front of every protected request (RFC 6750 §3.1, RFC 9068 §4).</summary>
public sealed record CheckAccessTokenQuery(Secret Token) : IRequest<Result<CheckedAccessToken>>;

/// <param name="UserName">The account's name; null for a machine.</param>
public sealed record CheckedAccessToken(AccessToken Token, string? UserName);

/// <summary>Whose tokens open this server: the embedded authorization server's or an external one's.</summary>
public interface IAccessTokenChecks
{
    /// <summary>What a live token says; else <c>invalid_token</c> with the check that failed, or <c>temporarily_unavailable</c> while nobody can tell.</summary>
    Task<Result<CheckedAccessToken>> CheckAsync(Secret token, CancellationToken ct);
}

internal sealed class CheckAccessTokenHandler(IAccessTokenChecks tokens) : IRequestHandler<CheckAccessTokenQuery, Result<CheckedAccessToken>>
{
    public Task<Result<CheckedAccessToken>> Handle(CheckAccessTokenQuery query, CancellationToken ct) => tokens.CheckAsync(query.Token, ct);
}
