using MediatR;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>The check in front of every protected request (RFC 6750 §3.1, RFC 9068 §4): what the token says, then what has become of it since.</summary>
public sealed record CheckAccessTokenQuery(Secret Token) : IRequest<Result<CheckedAccessToken>>;

/// <param name="UserName">The account's name; null for a machine.</param>
public sealed record CheckedAccessToken(AccessToken Token, string? UserName);

internal sealed class CheckAccessTokenHandler(IAccessTokenVerifier verifier, IAccessTokenStore store) : IRequestHandler<CheckAccessTokenQuery, Result<CheckedAccessToken>>
{
    public async Task<Result<CheckedAccessToken>> Handle(CheckAccessTokenQuery query, CancellationToken ct)
    {
        if (!(await verifier.VerifyAsync(query.Token, ct)).Try(out var token, out var refusal)) return refusal;
        var status = await store.FindStatusAsync(token, ct);
        if (status.Refusal is { } reason) return OAuthError.InvalidToken("The access token was revoked.") with { Detail = $"{reason}, client {token.ClientId}" };
        return new CheckedAccessToken(token, status.UserName);
    }
}
