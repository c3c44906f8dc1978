using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Tokens;

/// <summary>The rules for signed tokens of any issuer, and the refusals of those that break them.</summary>
internal static class TokenRules
{
    /// <summary>How far ahead the clock of an issuer may be. An expired token gets no leeway.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The algorithms of other issuers. All are asymmetric, so that no public key can serve as the secret of a MAC (RFC 8725 §3.1).
    /// </summary>
    public static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public static OAuthError Expired => OAuthError.InvalidToken("The access token has expired.");

    public static OAuthError Malformed => OAuthError.InvalidToken("The access token is malformed.");

    public static OAuthError OfAnotherAudience => OAuthError.InvalidToken("The access token was issued for another audience.");

    public static OAuthError OfAnotherIssuer => OAuthError.InvalidToken("The access token was issued by another issuer.");

    public static OAuthError OfAnotherType => OAuthError.InvalidToken("The token is not an access token.");

    public static OAuthError Incomplete => OAuthError.InvalidToken("The access token lacks a required claim.");

    public static OAuthError TooEarly => OAuthError.InvalidToken("The access token is not valid yet.");

    /// <summary>RFC 7519 §4.1.4, §4.1.5.</summary>
    public static LifetimeValidator Lifetime(TimeProvider time) =>
        (notBefore, expires, _, _) => expires > time.GetUtcNow().UtcDateTime && !(notBefore > (time.GetUtcNow() + ClockSkew).UtcDateTime);

    /// <param name="signer">Whose signature the token should have, in words.</param>
    public static OAuthError Refusal(Exception failure, string signer) =>
        failure switch
        {
            SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNoExpirationException => Expired,
            SecurityTokenInvalidAudienceException => OfAnotherAudience,
            SecurityTokenInvalidIssuerException => OfAnotherIssuer,
            SecurityTokenInvalidTypeException => OfAnotherType,
            SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException => OAuthError.InvalidToken(
                $"The access token is not signed by {signer}."
            ),
            _ => Malformed,
        };
}
