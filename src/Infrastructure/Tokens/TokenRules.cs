using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Tokens;

/// <summary>
/// The rules for signed tokens of any issuer, and the refusals of those that break them. A refusal repeats what a genuine token says
/// of itself; of one whose signature is not proven it says nothing but that.
/// </summary>
internal static class TokenRules
{
    /// <summary>How far ahead the clock of an issuer may be. An expired token gets no leeway.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The algorithms of other issuers. All are asymmetric, so that no public key can serve as the secret of a MAC (RFC 8725 §3.1).
    /// </summary>
    public static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>For whatever is not proven to be genuine.</summary>
    /// <param name="why">For the log.</param>
    public static OAuthError Unknown(string why) =>
        OAuthError.InvalidToken("This is no access token of the authorization server that this server names in its metadata.") with
        {
            Detail = why,
        };

    public static OAuthError Malformed => Unknown("not a signed token of the strict compact form");

    public static OAuthError Expired(DateTimeOffset at) => OAuthError.InvalidToken($"The access token expired at {ErrorText.Of(at)}.");

    public static OAuthError TooEarly(DateTimeOffset until) =>
        OAuthError.InvalidToken($"The access token is not valid before {ErrorText.Of(until)}.");

    public static OAuthError Lacks(string claim) => OAuthError.InvalidToken($"The access token lacks the claim {claim}.");

    /// <param name="named">What the token names; empty for nothing.</param>
    public static OAuthError OfAnotherAudience(string? named, IEnumerable<string> own) =>
        OAuthError.InvalidToken(
            $"The access token {(string.IsNullOrEmpty(named) ? "has no audience" : $"is for {ErrorText.Of(named)}")}, "
                + $"and this server is {ErrorText.Of(string.Join(" or ", own))}."
        );

    public static OAuthError OfAnotherIssuer(string? named, string own) =>
        OAuthError.InvalidToken(
            $"The access token {(string.IsNullOrEmpty(named) ? "names no issuer" : $"was issued by {ErrorText.Of(named)}")}, "
                + $"and this server takes those of {ErrorText.Of(own)}."
        );

    public static OAuthError OfAnotherType(string? named) =>
        OAuthError.InvalidToken(
            $"The token has the type {ErrorText.Of(named is null or "" ? "JWT" : named)}, which is no access token here."
        );

    /// <summary>RFC 7519 §4.1.4, §4.1.5.</summary>
    public static LifetimeValidator Lifetime(TimeProvider time) =>
        (notBefore, expires, _, _) => expires > time.GetUtcNow().UtcDateTime && !(notBefore > (time.GetUtcNow() + ClockSkew).UtcDateTime);

    /// <summary>Why a token did not pass whose signature is good.</summary>
    public static OAuthError Refusal(Exception failure, JsonWebToken jwt, string issuer, IEnumerable<string> audiences, DateTimeOffset now)
    {
        var refusal = failure switch
        {
            SecurityTokenInvalidLifetimeException when jwt.ValidTo == DateTime.MinValue => Lacks("exp"),
            SecurityTokenInvalidLifetimeException when jwt.ValidTo <= now.UtcDateTime => Expired(
                new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero)
            ),
            SecurityTokenInvalidLifetimeException => TooEarly(new DateTimeOffset(jwt.ValidFrom, TimeSpan.Zero)),
            SecurityTokenNoExpirationException => Lacks("exp"),
            SecurityTokenInvalidAudienceException => OfAnotherAudience(string.Join(", ", jwt.Audiences), audiences),
            SecurityTokenInvalidIssuerException => OfAnotherIssuer(jwt.Issuer, issuer),
            SecurityTokenInvalidTypeException => OfAnotherType(jwt.Typ),
            _ => Malformed,
        };
        return refusal.Detail is null ? About(refusal, jwt.Id, jwt.Subject, ClientOf(jwt)) : refusal;
    }

    /// <summary>Adds for the log whose token it is, which is known of a genuine one.</summary>
    public static OAuthError About(OAuthError refusal, string? id, string? subject, string? client) =>
        refusal with
        {
            Detail = $"{refusal.Description} Token {Shown(id)}",
            ClientId = Shown(client),
            Subject = Shown(subject),
        };

    public static string? ClientOf(JsonWebToken jwt) =>
        jwt.TryGetPayloadValue("client_id", out string? client) ? client
        : jwt.TryGetPayloadValue("azp", out client) ? client
        : null;

    public static string Shown(string? value) => string.IsNullOrEmpty(value) ? "-" : ErrorText.Of(value);
}
