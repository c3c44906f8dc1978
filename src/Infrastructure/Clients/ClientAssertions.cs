using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using JsonWebKeySet = Microsoft.IdentityModel.Tokens.JsonWebKeySet;

namespace OAuthMcp.Infrastructure.Clients;

/// <summary>Assertions of <c>private_key_jwt</c> (RFC 7523 §3): keys come from the registration alone, never from the assertion.</summary>
internal sealed class ClientAssertions(OAuthSettings settings, TimeProvider time) : IClientAssertions
{
    /// <summary>How far ahead an assertion may expire: its id is remembered for that long.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);
    private static readonly string[] ForbiddenHeaders = ["jwk", "jku", "x5u", "x5c", "crit", "b64"];
    private static readonly string[] StartClaims = ["nbf", "iat"];
    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };

    public string? SubjectOf(Secret assertion) => Parse(assertion)?.Subject;

    public async Task<Result<ClientAssertion>> VerifyAsync(Client client, Secret assertion, string? jwks, CancellationToken ct)
    {
        if (Parse(assertion) is not { } jwt)
            return Refused(client, "no JWT");
        if (ForbiddenHeaders.FirstOrDefault(header => jwt.TryGetHeaderValue<object>(header, out _)) is { } forbidden)
            return Refused(client, $"has header {forbidden}");
        if (jwt.Issuer != client.Id || jwt.Subject != client.Id)
            return Refused(client, "iss and sub must be the client_id");
        // A string, not a list: an assertion for several servers is one that another server can replay (draft rfc7523bis §4).
        if (
            !jwt.TryGetPayloadValue("aud", out object? audience)
            || audience is not string aud
            || (aud != settings.Issuer && aud != settings.Issuer + "/token")
        )
            return Refused(client, "another audience");
        if (jwt.Id is not { Length: > 0 and <= 256 })
            return Refused(client, "no jti");

        var now = time.GetUtcNow();
        if (!jwt.TryGetPayloadValue("exp", out long exp))
            return Refused(client, "no exp");
        if (exp <= now.ToUnixTimeSeconds())
            return Refused(client, "expired");
        if (exp > (now + LongestLife).ToUnixTimeSeconds())
            return Refused(client, "exp too far ahead");
        if (StartClaims.Any(claim => jwt.TryGetPayloadValue(claim, out long start) && start > (now + ClockSkew).ToUnixTimeSeconds()))
            return Refused(client, "not valid yet");

        if (Keys(jwks) is not { Count: > 0 } keys)
            return Refused(client, "no keys to verify with");
        var validation = await handler.ValidateTokenAsync(
            jwt,
            new TokenValidationParameters
            {
                ValidAlgorithms = client.AssertionAlgorithm is { } algorithm ? [algorithm] : AuthMethods.AssertionAlgorithms,
                IssuerSigningKeys = string.IsNullOrEmpty(jwt.Kid) ? keys : keys.Where(key => key.KeyId == jwt.Kid),
                ValidateIssuer = false, // checked above, as text
                ValidateAudience = false,
                ValidateLifetime = false,
            }
        );
        return validation.IsValid
            ? new ClientAssertion(jwt.Id, DateTimeOffset.FromUnixTimeSeconds(exp))
            : Refused(client, validation.Exception.GetType().Name);
    }

    private JsonWebToken? Parse(Secret assertion)
    {
        try
        {
            return handler.ReadJsonWebToken(assertion.Reveal());
        }
        catch (Exception failure) when (failure is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    // Asymmetric ones: a secret among the keys would let HS256 in with what is public.
    private static List<SecurityKey>? Keys(string? jwks)
    {
        try
        {
            return jwks is null
                ? null
                :
                [
                    .. new JsonWebKeySet(jwks)
                        .GetSigningKeys()
                        .Where(key => key is AsymmetricSecurityKey or JsonWebKey { Kty: "EC" or "RSA" }),
                ];
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static OAuthError Refused(Client client, string reason) => OAuthError.InvalidClient($"assertion of {client.Id}: {reason}");
}
