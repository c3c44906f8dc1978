using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Remote;

namespace OAuthMcp.Infrastructure.Authority;

/// <summary>
/// Access tokens of an external authorization server, validated by its published keys (RFC 9068 §4). What was verified
/// is remembered by its hash, an hour at most; a key that is not known makes it look at the key set once more.
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
        var (cacheKey, now) = (TokenHash.Of(token).Value, time.GetUtcNow());
        if (verified.TryGetValue(cacheKey, out Known? known) && now < known!.Until)
            return known.Token;
        if (!CompactJwt.IsStrict(token.Reveal()))
            return AuthorityClaims.Malformed;
        var answer = await AuthorityClaims.WithinBudgetAsync(budget => VerifyAsync(token, now, budget), ct);
        if (!answer.Try(out var accepted, out var refusal))
            return refusal;
        // what a withdrawn key has signed lives on no longer
        var until = new[] { accepted.Token.ExpiresAt, now + RemoteIssuer.Freshness }.Min();
        verified.Set(
            cacheKey,
            new Known(accepted, until),
            new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = until - now }
        );
        return accepted;
    }

    public void Dispose() => verified.Dispose();

    private async Task<Result<CheckedAccessToken>> VerifyAsync(Secret token, DateTimeOffset now, CancellationToken ct)
    {
        var keys = await issuer.GetAsync(ct);
        var validation = await ValidateAsync(token, keys);
        // Signed with a key that is newer than what is known here, whatever its name: one more look at the key set.
        if (validation.Exception is SecurityTokenInvalidSignatureException && await issuer.RefreshAsync(keys, ct) is var newer)
        {
            if (newer != keys)
                validation = await ValidateAsync(token, newer);
            // It may well be the key that could not be read.
            if (validation.Exception is SecurityTokenSignatureKeyNotFoundException && newer.IsOutdated)
                return AuthorityClaims.Unavailable("its keys cannot be read again");
        }

        if (!validation.IsValid)
            return AuthorityClaims.Refusal(validation.Exception);
        var jwt = (JsonWebToken)validation.SecurityToken;
        return
            jwt.TryGetHeaderValue<object>("crit", out _)
            // RFC 7515 §4.1.11: none is understood here
            || JsonMembers.Parse(Base64UrlEncoder.DecodeBytes(jwt.EncodedPayload)) is not { } claims
            ? AuthorityClaims.Malformed
            : AuthorityClaims.Read(claims, authority, now);
    }

    private Task<TokenValidationResult> ValidateAsync(Secret token, RemoteIssuer.Snapshot keys) =>
        handler.ValidateTokenAsync(
            token.Reveal(),
            new TokenValidationParameters
            {
                ValidIssuer = authority.Issuer,
                ValidAudiences = authority.Audiences,
                IgnoreTrailingSlashWhenValidatingAudience = false,
                TypeValidator = (type, _, _) => IsTaken(type) ? type : throw new SecurityTokenInvalidTypeException(),
                ValidAlgorithms = Algorithms,
                IssuerSigningKeys = keys.Keys,
                TryAllIssuerSigningKeys = true, // a kid may be left out where there is one key
                RequireSignedTokens = true,
                RequireExpirationTime = true,
                LifetimeValidator = (notBefore, expires, _, _) =>
                    expires > time.GetUtcNow().UtcDateTime && !(notBefore > (time.GetUtcNow() + ClockSkew).UtcDateTime),
            }
        );

    // RFC 7515 §4.1.9: media types, whose case does not count, and what marks nothing is a JWT.
    private bool IsTaken(string? type)
    {
        var bare =
            string.IsNullOrEmpty(type) ? "JWT"
            : type.StartsWith("application/", StringComparison.OrdinalIgnoreCase) ? type["application/".Length..]
            : type;
        return authority.TokenTypes.Contains(bare, StringComparer.OrdinalIgnoreCase);
    }

    private sealed record Known(CheckedAccessToken Token, DateTimeOffset Until);
}
