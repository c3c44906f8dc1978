using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;
using OAuthMcp.Infrastructure.Remote;
using OAuthMcp.Infrastructure.Tokens;

namespace OAuthMcp.Infrastructure.Upstream;

/// <summary>Verifies ID tokens (OpenID Connect Core §3.1.3.7).</summary>
internal sealed class IdTokens(UpstreamProvider provider, RemoteIssuer issuer, TimeProvider time)
{
    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };

    public async Task<Result<Claims>> ValidateAsync(string? idToken, TokenHash nonce, RemoteIssuer.Snapshot metadata, CancellationToken ct)
    {
        if (idToken is null)
            return OAuthError.UpstreamFailed("the answer has no id_token");
        var validation = await ValidateAsync(idToken, metadata);
        // The token may be signed with a newer key, of whatever name, so the key set is fetched once more.
        if (
            validation.Exception is SecurityTokenInvalidSignatureException
            && await issuer.RefreshAsync(metadata, ct) is var newer
            && newer != metadata
        )
            validation = await ValidateAsync(idToken, newer);
        if (!validation.IsValid)
            return OAuthError.UpstreamFailed($"the id_token is refused: {validation.Exception?.GetType().Name}");

        var jwt = (JsonWebToken)validation.SecurityToken;
        if (jwt.TryGetHeaderValue<object>("crit", out _))
            return OAuthError.UpstreamFailed("the id_token has a critical header"); // RFC 7515 §4.1.11: none is understood here
        if (ReadClaims(idToken) is not { } claims)
            return OAuthError.UpstreamFailed("the id_token is ambiguous");
        if (claims.Time("iat") is not { } issuedAt || issuedAt > time.GetUtcNow() + TokenRules.ClockSkew)
            return OAuthError.UpstreamFailed("the id_token has no iat, or one ahead");
        if (claims.Text("sub") is not { Length: <= 255 })
            return OAuthError.UpstreamFailed("the id_token has no sub");
        if ((claims.Member("azp") is not null || jwt.Audiences.Count() > 1) && claims.Text("azp") != provider.ClientId)
            return OAuthError.UpstreamFailed("the id_token was issued to another party");
        if (claims.Text("nonce") is not { } sent || !nonce.Matches(new Secret(sent)))
            return OAuthError.UpstreamFailed("the id_token has another nonce");
        return new Claims(claims);
    }

    /// <summary>
    /// Whether a renewed ID token is of the same user (OpenID Connect Core §12.2). It came from the token endpoint by TLS, which may
    /// stand for its signature (§3.1.3.7, 6).
    /// </summary>
    public static bool IsOf(string idToken, UpstreamToken token, RemoteIssuer.Snapshot metadata) =>
        ReadClaims(idToken) is { } claims && claims.Text("iss") == metadata.Issuer && claims.Text("sub") == token.Identity;

    private static JsonElement? ReadClaims(string jwt)
    {
        try
        {
            return jwt.Split('.') is [_, var payload, _] ? JsonMembers.Parse(Base64UrlEncoder.DecodeBytes(payload)) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private Task<TokenValidationResult> ValidateAsync(string idToken, RemoteIssuer.Snapshot metadata) =>
        handler.ValidateTokenAsync(
            idToken,
            new TokenValidationParameters
            {
                ValidIssuer = metadata.Issuer,
                ValidAudience = provider.ClientId,
                IgnoreTrailingSlashWhenValidatingAudience = false,
                ValidAlgorithms = TokenRules.Algorithms,
                IssuerSigningKeys = metadata.Keys,
                TryAllIssuerSigningKeys = true, // a kid may be left out where there is one key
                RequireSignedTokens = true,
                RequireExpirationTime = true,
                LifetimeValidator = (notBefore, expires, _, _) =>
                    expires + TokenRules.ClockSkew > time.GetUtcNow().UtcDateTime
                    && !(notBefore > (time.GetUtcNow() + TokenRules.ClockSkew).UtcDateTime),
            }
        );

    internal sealed record Claims(JsonElement Members);
}
