using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Keys;

/// <summary>
/// Access tokens as JWTs of RFC 9068. What was verified once is remembered by its hash until it expires, so that a
/// busy client costs one signature check a token, not one a call.
/// </summary>
internal sealed class JwtAccessTokens(SigningKeyRing keys, OAuthSettings settings, TimeProvider time)
    : IAccessTokenSigner,
        IAccessTokenVerifier,
        IDisposable
{
    private const string TokenType = "at+jwt";

    /// <summary>How far ahead the clock of the node that issued a token may be. An expired token gets no leeway.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };
    private readonly MemoryCache verified = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    public Secret Sign(AccessTokenClaims token)
    {
        var claims = new Dictionary<string, object>
        {
            ["iss"] = token.Issuer,
            ["aud"] = token.Audience,
            ["sub"] = token.Subject,
            ["client_id"] = token.ClientId,
            ["scope"] = token.Scope.ToString(),
            ["jti"] = token.JwtId,
            ["iat"] = token.IssuedAt.ToUnixTimeSeconds(),
            ["exp"] = token.ExpiresAt.ToUnixTimeSeconds(),
        };
        if (token.GrantId is not null)
            claims["grant"] = token.GrantId;
        return new Secret(
            handler.CreateToken(
                new SecurityTokenDescriptor
                {
                    TokenType = TokenType,
                    SigningCredentials = keys.Current,
                    Claims = claims,
                }
            )
        );
    }

    public async Task<Result<AccessTokenClaims>> VerifyAsync(Secret token, CancellationToken ct)
    {
        var cacheKey = TokenHash.Of(token).Value;
        // A key may have been withdrawn since; the token then goes through every check again, which it fails.
        if (verified.TryGetValue(cacheKey, out Verified? known) && keys.Verifies(known!.KeyId))
            return known.Claims.ExpiresAt > time.GetUtcNow() ? known.Claims : Expired;
        if (!CompactJwt.IsStrict(token.Reveal()))
            return Malformed;

        var validation = await handler.ValidateTokenAsync(
            token.Reveal(),
            new TokenValidationParameters
            {
                ValidIssuer = settings.Issuer,
                ValidAudience = settings.Resource.Canonical,
                IgnoreTrailingSlashWhenValidatingAudience = false,
                ValidTypes = [TokenType],
                ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256],
                IssuerSigningKeys = keys.Verifying,
                TryAllIssuerSigningKeys = false,
                RequireExpirationTime = true,
                LifetimeValidator = (notBefore, expires, _, _) =>
                    expires > time.GetUtcNow().UtcDateTime && !(notBefore > (time.GetUtcNow() + ClockSkew).UtcDateTime),
            }
        );
        if (!validation.IsValid)
            return Refusal(validation.Exception);
        var jwt = (JsonWebToken)validation.SecurityToken;
        if (!Read(jwt).Try(out var claims, out var refusal))
            return refusal;

        verified.Set(
            cacheKey,
            new Verified(claims, jwt.SigningKey.KeyId),
            new MemoryCacheEntryOptions { Size = 1, AbsoluteExpiration = claims.ExpiresAt }
        );
        return claims;
    }

    public void Dispose() => verified.Dispose();

    private static OAuthError Expired => OAuthError.InvalidToken("The access token has expired.");

    private static OAuthError Malformed => OAuthError.InvalidToken("The access token is malformed.");

    // RFC 9068 §2.2: each of these is required, so a token without one is not one of ours.
    private Result<AccessTokenClaims> Read(JsonWebToken jwt)
    {
        if (
            !jwt.TryGetPayloadValue("client_id", out string clientId)
            || !jwt.TryGetPayloadValue("scope", out string scope)
            || !jwt.TryGetPayloadValue("iat", out long issuedAt)
            || string.IsNullOrEmpty(jwt.Subject)
            || string.IsNullOrEmpty(jwt.Id)
        )
            return OAuthError.InvalidToken("The access token lacks a required claim.");
        if (issuedAt > (time.GetUtcNow() + ClockSkew).ToUnixTimeSeconds())
            return OAuthError.InvalidToken("The access token is not valid yet.");
        // A user's token without a family could not be revoked; only a machine, which speaks for itself, has none.
        if (!jwt.TryGetPayloadValue("grant", out string? grantId) && jwt.Subject != clientId)
            return OAuthError.InvalidToken("The access token lacks a required claim.");
        if (!ScopeSet.Parse(scope).Try(out var scopes, out _))
            return OAuthError.InvalidToken("The access token lacks a required claim.");
        return new AccessTokenClaims
        {
            JwtId = jwt.Id,
            Issuer = jwt.Issuer,
            Audience = settings.Resource.Canonical,
            Subject = jwt.Subject,
            ClientId = clientId,
            GrantId = grantId,
            Scope = scopes,
            IssuedAt = DateTimeOffset.FromUnixTimeSeconds(issuedAt),
            ExpiresAt = new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero),
        };
    }

    private static OAuthError Refusal(Exception failure) =>
        failure switch
        {
            SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNoExpirationException => Expired,
            SecurityTokenInvalidAudienceException => OAuthError.InvalidToken("The access token was issued for another audience."),
            SecurityTokenInvalidIssuerException => OAuthError.InvalidToken("The access token was issued by another issuer."),
            SecurityTokenInvalidTypeException => OAuthError.InvalidToken("The token is not an access token."),
            SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException => OAuthError.InvalidToken(
                "The access token is not signed by this server."
            ),
            _ => Malformed,
        };

    private sealed record Verified(AccessTokenClaims Claims, string KeyId);
}
