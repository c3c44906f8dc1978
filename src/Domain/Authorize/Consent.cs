using System.Security.Cryptography;
using System.Text.Json;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Authorize;

/// <summary>
/// What a user allowed a client, so that the same is not asked twice. It lasts as long as a grant, and only while the client
/// describes itself as it did then.
/// </summary>
internal sealed record Consent
{
    public required string Subject { get; init; }
    public required string ClientId { get; init; }
    public required ScopeSet Scope { get; init; }

    /// <summary>Digest of what the client said of itself at that time.</summary>
    public required string ClientDigest { get; init; }

    public required DateTimeOffset GivenAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether it answers the request: the same client asks for no more, and nothing requires that the user is asked.</summary>
    public bool Answers(AuthorizationRequest request, Client client, DateTimeOffset now) =>
        !request.RequiresConsent && IsRememberedFor(request) && IsOf(client, now) && Scope.Covers(request.Scope);

    /// <summary>Whether it still holds: the client describes itself as it did when it was given.</summary>
    public bool IsOf(Client client, DateTimeOffset now) => now < ExpiresAt && ClientDigest == DigestOf(client);

    /// <summary>
    /// Whether consent to this request is remembered. On a loopback port or behind a private-use scheme any program can take the
    /// place of a client, so there the user is asked each time (RFC 8252 §8.6).
    /// </summary>
    public static bool IsRememberedFor(AuthorizationRequest request) =>
        request.RedirectUri.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>A digest that changes with everything that a client says of itself.</summary>
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
