using System.Text.Json;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Application;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Upstream;
using Polly.Timeout;

namespace OAuthMcp.Infrastructure.Authority;

/// <summary>
/// Access tokens of an external authorization server, validated by its published keys (RFC 9068 §4). What was verified
/// is remembered by its hash until it expires; a key that is not known makes it look at the key set once more.
/// </summary>
internal sealed class AuthorityTokens(ExternalAuthority authority, RemoteIssuer issuer, TimeProvider time) : IAccessTokenChecks, IDisposable
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    // Asymmetric ones alone: a public key must not pass for the secret of a MAC (RFC 8725 §3.1).
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };
    private readonly MemoryCache verified = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    public async Task<Result<CheckedAccessToken>> CheckAsync(Secret token, CancellationToken ct)
    {
        var cacheKey = TokenHash.Of(token).Value;
        if (verified.TryGetValue(cacheKey, out CheckedAccessToken? known)) return known!.Token.ExpiresAt > time.GetUtcNow() ? known : AuthorityClaims.Expired;
        try
        {
            var keys = await issuer.GetAsync(ct);
            var validation = await ValidateAsync(token, keys);
            if (validation.Exception is SecurityTokenSignatureKeyNotFoundException && await issuer.RefreshAsync(keys, ct) is var newer && newer != keys) validation = await ValidateAsync(token, newer);
            if (!validation.IsValid) return AuthorityClaims.Refusal(validation.Exception);

            using var payload = JsonDocument.Parse(Base64UrlEncoder.Decode(((JsonWebToken)validation.SecurityToken).EncodedPayload));
            if (!AuthorityClaims.Read(payload.RootElement, authority, time.GetUtcNow()).Try(out var accepted, out var refusal)) return refusal;
            return verified.Set(cacheKey, accepted, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpiration = accepted.Token.ExpiresAt });
        }
        catch (Exception failure) when (failure is UpstreamException or HttpRequestException or TimeoutRejectedException)
        {
            return OAuthError.TemporarilyUnavailable() with { Detail = $"the keys of the authority cannot be read: {failure.Message}" };
        }
    }

    public void Dispose() => verified.Dispose();

    private Task<TokenValidationResult> ValidateAsync(Secret token, RemoteIssuer.Snapshot keys) => handler.ValidateTokenAsync(token.Reveal(), new TokenValidationParameters
    {
        ValidIssuer = authority.Issuer,
        ValidAudiences = authority.Audiences,
        IgnoreTrailingSlashWhenValidatingAudience = false,
        ValidTypes = [.. authority.TokenTypes, .. authority.TokenTypes.Select(type => $"application/{type}")],
        ValidAlgorithms = Algorithms,
        IssuerSigningKeys = keys.Keys,
        TryAllIssuerSigningKeys = false,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        LifetimeValidator = (notBefore, expires, _, _) => expires > time.GetUtcNow().UtcDateTime && !(notBefore > (time.GetUtcNow() + ClockSkew).UtcDateTime),
    });
}
