using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>
/// Reads an access token back: signature by a key of ours, <c>typ</c>, issuer, audience, lifetime and the presence
/// of every claim (RFC 9068 §4). Each failure is <c>invalid_token</c> and says which check failed.
/// </summary>
public interface IAccessTokenVerifier
{
    Task<Result<AccessTokenClaims>> VerifyAsync(Secret token, CancellationToken ct);
}
