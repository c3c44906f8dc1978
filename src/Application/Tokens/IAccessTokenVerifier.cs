using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>
/// Verifies an access token of this server: signature, <c>typ</c>, issuer, audience, lifetime, and that every claim is there (RFC
/// 9068 §4). A failure is <c>invalid_token</c> and says which check failed.
/// </summary>
internal interface IAccessTokenVerifier
{
    Task<Result<AccessTokenClaims>> VerifyAsync(Secret token, CancellationToken ct);
}
