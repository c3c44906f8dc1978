using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Tokens;

/// <summary>Reads signed tokens of any issuer for people, without judging what they say.</summary>
internal static class SignedTokens
{
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <param name="keys">Those that may have signed it; null where that is not looked at.</param>
    public static async Task<SignedToken?> ReadAsync(Secret token, IEnumerable<SecurityKey>? keys)
    {
        if (!CompactJwt.IsStrict(token.Reveal()) || Parse(token) is not { } jwt)
            return null;
        var signature = keys is null ? SignatureState.NotChecked : await CheckAsync(token, keys);
        return new SignedToken(OrNull(jwt.Typ), OrNull(jwt.Alg), OrNull(jwt.Kid), signature)
        {
            Issuer = OrNull(jwt.Issuer),
            Audiences = [.. jwt.Audiences],
            Subject = OrNull(jwt.Subject),
            ClientId = TokenRules.ClientOf(jwt),
            TokenId = OrNull(jwt.Id),
            GrantId = Text(jwt, "grant"),
            Scope = Text(jwt, "scope") ?? Text(jwt, "scp"),
            IssuedAt = TimeOf(jwt, "iat"),
            NotBefore = TimeOf(jwt, "nbf"),
            ExpiresAt = TimeOf(jwt, "exp"),
        };
    }

    /// <summary>
    /// Why a token did not pass. The library looks at some claims of a token that no key signed, and its failure then names those, so
    /// the signature is looked at alone before anything that the token says is repeated.
    /// </summary>
    public static async Task<OAuthError> RefuseAsync(
        Secret token,
        Exception failure,
        IEnumerable<SecurityKey> keys,
        (string Issuer, IReadOnlyList<string> Audiences) own,
        DateTimeOffset now
    )
    {
        if (Parse(token) is not { } jwt)
            return TokenRules.Malformed;
        return failure is SecurityTokenInvalidSignatureException || await CheckAsync(token, keys) != SignatureState.Good
            ? TokenRules.Unknown($"signed by none of the keys of {own.Issuer}; it names the key {TokenRules.Shown(jwt.Kid)}")
            : TokenRules.Refusal(failure, jwt, own.Issuer, own.Audiences, now);
    }

    private static JsonWebToken? Parse(Secret token)
    {
        try
        {
            return Handler.ReadJsonWebToken(token.Reveal());
        }
        catch (Exception failure) when (failure is ArgumentException or SecurityTokenException or FormatException)
        {
            return null;
        }
    }

    private static async Task<SignatureState> CheckAsync(Secret token, IEnumerable<SecurityKey> keys)
    {
        var validation = await Handler.ValidateTokenAsync(
            token.Reveal(),
            new TokenValidationParameters
            {
                ValidateIssuer = false,
                ValidateAudience = false,
                ValidateLifetime = false,
                ValidAlgorithms = TokenRules.Algorithms,
                IssuerSigningKeys = keys,
                TryAllIssuerSigningKeys = true,
            }
        );
        return validation switch
        {
            { IsValid: true } => SignatureState.Good,
            { Exception: SecurityTokenSignatureKeyNotFoundException } => SignatureState.UnknownKey,
            _ => SignatureState.Wrong,
        };
    }

    private static string? Text(JsonWebToken jwt, string claim) => jwt.TryGetPayloadValue(claim, out string? value) ? value : null;

    private static DateTimeOffset? TimeOf(JsonWebToken jwt, string claim) =>
        jwt.TryGetPayloadValue(claim, out long seconds) && seconds is > 0 and < 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static string? OrNull(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
