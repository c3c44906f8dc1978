using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Tokens;

namespace OAuthMcp.Infrastructure.Clients;

/// <summary>Assertions of <c>private_key_jwt</c> (RFC 7523 §3). The keys come from the registration, never from the assertion.</summary>
internal sealed class ClientAssertions(OAuthSettings settings, TimeProvider time) : IClientAssertions
{
    /// <summary>How far ahead an assertion may expire, because its id is remembered until then.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

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
        // The audience is a string and not a list: another server of a list could replay the assertion (draft rfc7523bis §4).
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
        if (
            StartClaims.Any(claim =>
                jwt.TryGetPayloadValue(claim, out long start) && start > (now + TokenRules.ClockSkew).ToUnixTimeSeconds()
            )
        )
            return Refused(client, "not valid yet");

        if (jwks is null)
            return Refused(client, "no keys to verify with");
        if (ClientKeySet.Refuse(jwks) is { } unusable)
            return Refused(client, $"its keys cannot be used: {unusable}");
        if (Candidates(jwks, jwt.Kid) is not { Length: > 0 } keys)
            return Refused(client, "names none of its keys");
        var validation = await handler.ValidateTokenAsync(
            jwt,
            new TokenValidationParameters
            {
                ValidAlgorithms = client.AssertionAlgorithm is { } algorithm ? [algorithm] : AuthMethods.AssertionAlgorithms,
                IssuerSigningKeys = keys,
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
        if (!CompactJwt.IsStrict(assertion.Reveal()))
            return null;
        try
        {
            return handler.ReadJsonWebToken(assertion.Reveal());
        }
        catch (Exception failure) when (failure is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    // Only the bare numbers of a key count, which were checked: a certificate beside them could hold another key. Where there are
    // several keys, the assertion names one.
    private static JsonWebKey[] Candidates(string jwks, string? kid)
    {
        JsonWebKey[] keys = [.. new JsonWebKeySet(jwks).Keys.Where(key => key.Kty is "EC" or "RSA" && key.Use is null or "" or "sig")];
        foreach (var key in keys)
            key.X5c.Clear();
        return string.IsNullOrEmpty(kid)
            ? keys is [var only]
                ? [only]
                : []
            : [.. keys.Where(key => key.Kid == kid)];
    }

    private static OAuthError Refused(Client client, string reason) => OAuthError.InvalidClient($"assertion of {client.Id}: {reason}");
}
