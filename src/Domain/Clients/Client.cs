using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Clients;

/// <summary>
/// An OAuth client as the server knows it. This folder owns who a client is and what it asserts of itself; how it
/// proves itself at an endpoint is the application's.
/// </summary>
internal sealed record Client
{
    public required string Id { get; init; }

    /// <summary>What the client calls itself: untrusted text, escaped and shortened where it is shown.</summary>
    public string? Name { get; init; }

    public required IReadOnlyList<string> RedirectUris { get; init; }

    public required IReadOnlyList<string> GrantTypes { get; init; }

    public required string TokenEndpointAuthMethod { get; init; }

    /// <summary>Methods that it may use besides that one, since a metadata document can offer a choice.</summary>
    public IReadOnlyList<string> OtherAuthMethods { get; init; } = [];

    public string? ApplicationType { get; init; }

    public string? ClientUri { get; init; }

    /// <summary>The public keys it signs assertions with, as a JWK set in JSON; or where they are.</summary>
    public string? Jwks { get; init; }

    public string? JwksUri { get; init; }

    /// <summary>The one algorithm that its assertions may have; null for any supported one.</summary>
    public string? AssertionAlgorithm { get; init; }

    /// <summary>What a machine may ask for in its own name; users grant the rest.</summary>
    public ScopeSet MachineScope { get; init; } = ScopeSet.Empty;

    /// <summary>Null for a public client.</summary>
    public TokenHash? SecretHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    public ClientOrigin Origin { get; init; }

    /// <summary>Hash of the token that manages the registration (RFC 7592 §3); null for a client that did not register itself.</summary>
    public TokenHash? RegistrationTokenHash { get; init; }

    /// <summary>Until when a metadata document is used without fetching it again; null for other clients.</summary>
    public DateTimeOffset? FreshUntil { get; init; }

    /// <summary>Whether an operator vouches for it; anyone can bring the others.</summary>
    public bool IsPreRegistered => Origin == ClientOrigin.PreRegistered;

    public bool IsPublic => TokenEndpointAuthMethod == AuthMethods.None;

    public bool IsDisabled => DisabledAt is not null;

    /// <summary>Whether every answer goes to the user's own machine, where any program can wait for it.</summary>
    public bool IsLoopbackOnly => RedirectUris.All(RedirectUri.IsLoopback);

    public bool Accepts(string authMethod) => authMethod == TokenEndpointAuthMethod || OtherAuthMethods.Contains(authMethod);

    public bool Allows(string grantType) => GrantTypes.Contains(grantType);

    /// <summary>
    /// The URI that the answer goes to: the sent one when it matches a registered one, the only registered one when
    /// none was sent (RFC 6749 §3.1.2.3), otherwise null.
    /// </summary>
    public string? FindRedirectUri(string? sent) =>
        sent is null
            ? RedirectUris is [var only]
                ? only
                : null
            : RedirectUris.Any(registered => RedirectUri.Matches(registered, sent))
                ? sent
                : null;
}
