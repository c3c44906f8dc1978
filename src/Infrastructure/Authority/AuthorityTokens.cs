using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Remote;
using OAuthMcp.Infrastructure.Tokens;

namespace OAuthMcp.Infrastructure.Authority;

/// <summary>
/// Access tokens of an external authorization server, verified with its published keys (RFC 9068 §4). A verified token is
/// remembered for an hour at most, and an unknown key makes it fetch the key set once more.
/// </summary>
internal sealed class AuthorityTokens(ExternalAuthority authority, RemoteIssuer issuer, TimeProvider time) : IAccessTokenChecks
{
    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };
    private readonly VerifiedTokens<CheckedAccessToken> verified = new(time);

    public async Task<Result<CheckedAccessToken>> CheckAsync(Secret token, string? peer, CancellationToken ct)
    {
        if (verified.Find(token) is { } known)
            return known;
        if (!CompactJwt.IsStrict(token.Reveal()))
            return TokenRules.Malformed;
        var now = time.GetUtcNow();
        var answer = await AuthorityClaims.WithinBudgetAsync(budget => VerifyAsync(token, now, budget), ct);
        if (!answer.Try(out var accepted, out var refusal))
            return refusal;
        // No longer than the key set is used, so that tokens of a withdrawn key end with it.
        verified.Keep(token, accepted, new[] { accepted.Token.ExpiresAt, now + RemoteIssuer.Freshness }.Min());
        return accepted;
    }

    private async Task<Result<CheckedAccessToken>> VerifyAsync(Secret token, DateTimeOffset now, CancellationToken ct)
    {
        var keys = await issuer.GetAsync(ct);
        var validation = await ValidateAsync(token, keys);
        // The token may be signed with a newer key, of whatever name, so the key set is fetched once more.
        if (validation.Exception is SecurityTokenInvalidSignatureException && await issuer.RefreshAsync(keys, ct) is var newer)
        {
            if (newer != keys)
                validation = await ValidateAsync(token, newer);
            // The key may be in the set that could not be fetched, so the token is not to blame.
            if (validation.Exception is SecurityTokenSignatureKeyNotFoundException && newer.IsOutdated)
                return AuthorityClaims.Unavailable("its keys cannot be read again");
        }

        if (!validation.IsValid)
            return await SignedTokens.RefuseAsync(
                token,
                validation.Exception,
                (await issuer.GetAsync(ct)).Keys,
                (authority.Issuer, authority.Audiences),
                now
            );
        var jwt = (JsonWebToken)validation.SecurityToken;
        return
            jwt.TryGetHeaderValue<object>("crit", out _)
            // RFC 7515 §4.1.11: none is understood here
            || JsonMembers.Parse(Base64UrlEncoder.DecodeBytes(jwt.EncodedPayload)) is not { } claims
            ? TokenRules.Malformed
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
                ValidAlgorithms = TokenRules.Algorithms,
                IssuerSigningKeys = keys.Keys,
                TryAllIssuerSigningKeys = true, // a kid may be left out where there is one key
                RequireSignedTokens = true,
                RequireExpirationTime = true,
                LifetimeValidator = TokenRules.Lifetime(time),
            }
        );

    // RFC 7515 §4.1.9: the type is a media type, so its case does not count. A token without one is a JWT.
    private bool IsTaken(string? type)
    {
        var bare =
            string.IsNullOrEmpty(type) ? "JWT"
            : type.StartsWith("application/", StringComparison.OrdinalIgnoreCase) ? type["application/".Length..]
            : type;
        return authority.TokenTypes.Contains(bare, StringComparer.OrdinalIgnoreCase);
    }
}
