using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Tokens;

namespace OAuthMcp.Infrastructure.Keys;

/// <summary>
/// Access tokens as JWTs of RFC 9068. A verified token is remembered by its hash until it expires, so that its signature is checked
/// once and not at every call.
/// </summary>
internal sealed class JwtAccessTokens(SigningKeyRing keys, SigningKeyReader reader, OAuthSettings settings, TimeProvider time)
    : IAccessTokenSigner,
        IAccessTokenVerifier
{
    private const string TokenType = "at+jwt";

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };
    private readonly VerifiedTokens<Verified> verified = new(time);

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
        // Its key may have been withdrawn since, and then the token has to fail the checks.
        if (verified.Find(token) is { } known && keys.Verifies(known.KeyId))
            return known.Claims;
        if (!CompactJwt.IsStrict(token.Reveal()))
            return TokenRules.Malformed;

        var validation = await ValidateAsync(token);
        if (validation.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            await reader.ReadAgainAsync(ct);
            validation = await ValidateAsync(token);
        }

        if (!validation.IsValid)
            return await SignedTokens.RefuseAsync(
                token,
                validation.Exception,
                keys.Verifying,
                (settings.Issuer, [settings.Resource.Canonical]),
                time.GetUtcNow()
            );
        var jwt = (JsonWebToken)validation.SecurityToken;
        if (!Read(jwt).Try(out var claims, out var refusal))
            return TokenRules.About(refusal, jwt.Id, jwt.Subject, TokenRules.ClientOf(jwt));

        verified.Keep(token, new Verified(claims, jwt.SigningKey.KeyId), claims.ExpiresAt);
        return claims;
    }

    private Task<TokenValidationResult> ValidateAsync(Secret token) =>
        handler.ValidateTokenAsync(
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
                LifetimeValidator = TokenRules.Lifetime(time),
            }
        );

    // RFC 9068 §2.2 requires each of these, so a token without one is not from here.
    private Result<AccessTokenClaims> Read(JsonWebToken jwt)
    {
        if (!jwt.TryGetPayloadValue("client_id", out string clientId))
            return TokenRules.Lacks("client_id");
        if (!jwt.TryGetPayloadValue("scope", out string scope) || !ScopeSet.Parse(scope).Try(out var scopes, out _))
            return TokenRules.Lacks("scope");
        if (!jwt.TryGetPayloadValue("iat", out long issuedAt))
            return TokenRules.Lacks("iat");
        if (string.IsNullOrEmpty(jwt.Subject))
            return TokenRules.Lacks("sub");
        if (string.IsNullOrEmpty(jwt.Id))
            return TokenRules.Lacks("jti");
        if (issuedAt > (time.GetUtcNow() + TokenRules.ClockSkew).ToUnixTimeSeconds())
            return TokenRules.TooEarly(DateTimeOffset.FromUnixTimeSeconds(issuedAt));
        // The token of a user without a grant could not be revoked. Only a machine, which acts in its own name, has none.
        if (!jwt.TryGetPayloadValue("grant", out string? grantId) && jwt.Subject != clientId)
            return TokenRules.Lacks("grant");
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

    private sealed record Verified(AccessTokenClaims Claims, string KeyId);
}
