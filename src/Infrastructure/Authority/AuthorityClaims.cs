using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Application;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Upstream;

namespace OAuthMcp.Infrastructure.Authority;

/// <summary>What other issuers' tokens and introspections say, in this server's words. The forms differ: <c>scope</c> or <c>scp</c>, a text or a list; four names for the client.</summary>
internal static class AuthorityClaims
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    public static OAuthError Expired => OAuthError.InvalidToken("The access token has expired.");

    /// <summary>The claims that every token has to have, signature, issuer and audience aside.</summary>
    public static Result<CheckedAccessToken> Read(JsonElement claims, ExternalAuthority authority, DateTimeOffset now)
    {
        // RFC 9449 §7.1, RFC 8705 §3: a token that is bound to a key is no bearer token.
        if (claims.TryGetProperty("cnf", out _)) return OAuthError.InvalidToken("The access token is bound to a key and no bearer token.");
        if (Time(claims, "exp") is not { } expiresAt || claims.Text("sub") is not { } subject) return OAuthError.InvalidToken("The access token lacks a required claim.");
        if (expiresAt <= now) return Expired;
        var issuedAt = Time(claims, "iat");
        if (issuedAt > now + ClockSkew || Time(claims, "nbf") > now + ClockSkew) return OAuthError.InvalidToken("The access token is not valid yet.");
        var clientId = claims.Text("client_id") ?? claims.Text("azp") ?? claims.Text("appid") ?? claims.Text("cid");
        return new CheckedAccessToken(
            new AccessToken
            {
                JwtId = claims.Text("jti") ?? "",
                Issuer = authority.Issuer,
                Audience = authority.Audiences[0],
                Subject = subject,
                ClientId = clientId ?? "",
                Scope = authority.Read([.. claims.Texts("scope"), .. claims.Texts("scp")]),
                IssuedAt = issuedAt ?? now,
                ExpiresAt = expiresAt,
            },
            claims.Text("preferred_username") ?? claims.Text("username"));
    }

    public static OAuthError Refusal(Exception failure) => failure switch
    {
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNoExpirationException => Expired,
        SecurityTokenInvalidAudienceException => OAuthError.InvalidToken("The access token was issued for another audience."),
        SecurityTokenInvalidIssuerException => OAuthError.InvalidToken("The access token was issued by another issuer."),
        SecurityTokenInvalidTypeException => OAuthError.InvalidToken("The token is not an access token."),
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException => OAuthError.InvalidToken("The access token is not signed by its issuer."),
        _ => OAuthError.InvalidToken("The access token is malformed."),
    };

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var time) && time.ValueKind == JsonValueKind.Number && time.TryGetDouble(out var seconds) && seconds is > 0 and < 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;
}
