using System.Security.Cryptography;
using System.Text.Json;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Authorize;

/// <summary>
/// What a user allowed a client, so that the same is not asked twice. It holds for the client as the user met it, and as
/// long as a grant.
/// </summary>
public sealed record Consent
{
    public required string Subject { get; init; }
    public required string ClientId { get; init; }
    public required ScopeSet Scope { get; init; }

    /// <summary>Digest of what the client said of itself when it was allowed.</summary>
    public required string ClientDigest { get; init; }

    public required DateTimeOffset GivenAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether it answers the request: no more is asked for, by the same client, and nobody wants the user asked.</summary>
    public bool Answers(AuthorizationRequest request, Client client, DateTimeOffset now) =>
        !request.RequiresConsent
        && IsRememberedFor(request)
        && now < ExpiresAt
        && ClientDigest == DigestOf(client)
        && Scope.Covers(request.Scope);

    /// <summary>
    /// Only https tells where an answer goes: on a loopback port or behind a private-use scheme any program can take a
    /// client's place, and the user is what stands in its way (RFC 8252 §8.6).
    /// </summary>
    public static bool IsRememberedFor(AuthorizationRequest request) =>
        request.RedirectUri.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Changes with everything that a client says of itself.</summary>
    public static string DigestOf(Client client) =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                JsonSerializer.SerializeToUtf8Bytes<object?[]>([
                    client.Origin,
                    client.Name,
                    client.ClientUri,
                    client.RedirectUris,
                    client.ApplicationType,
                    client.TokenEndpointAuthMethod,
                    client.OtherAuthMethods,
                    client.Jwks,
                    client.JwksUri,
                ])
            )
        );
}
