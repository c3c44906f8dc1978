using System.Text.Json.Nodes;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Settings;

namespace OAuthMcp.Api.OAuth;

/// <summary>Everything that was stored, with the expiry of the secret where there is one (RFC 7591 §3.2.1).</summary>
internal sealed record RegistrationAnswer(
    string ClientId,
    long ClientIdIssuedAt,
    string? ClientSecret,
    long? ClientSecretExpiresAt,
    IReadOnlyList<string> RedirectUris,
    IReadOnlyList<string> GrantTypes,
    IReadOnlyList<string> ResponseTypes,
    string TokenEndpointAuthMethod,
    string? TokenEndpointAuthSigningAlg,
    string? ApplicationType,
    string? ClientName,
    string? ClientUri,
    string? JwksUri,
    JsonNode? Jwks,
    string Scope,
    string RegistrationAccessToken,
    string RegistrationClientUri
)
{
    private static readonly string[] CodeAlone = ["code"];

    public static RegistrationAnswer Of(ClientRegistration registration, OAuthSettings settings)
    {
        var client = registration.Client;
        return new(
            client.Id,
            client.CreatedAt.ToUnixTimeSeconds(),
            registration.ClientSecret?.Reveal(),
            client.SecretHash is null ? null : 0,
            client.RedirectUris,
            client.GrantTypes,
            CodeAlone,
            client.TokenEndpointAuthMethod,
            client.AssertionAlgorithm,
            client.ApplicationType,
            client.Name,
            client.ClientUri,
            client.JwksUri,
            client.Jwks is { } jwks ? JsonNode.Parse(jwks) : null,
            registration.Scope.ToString(),
            registration.RegistrationToken.Reveal(),
            $"{settings.Issuer}/register/{client.Id}"
        );
    }
}
