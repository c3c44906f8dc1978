using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>Makes the signed form of an access token.</summary>
internal interface IAccessTokenSigner
{
    Secret Sign(AccessTokenClaims token);
}
