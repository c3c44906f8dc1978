using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Clients;

/// <summary>Grant types of RFC 6749 and RFC 7591 that this server knows.</summary>
public static class GrantTypes
{
    public const string AuthorizationCode = "authorization_code";
    public const string RefreshToken = "refresh_token";
}

/// <summary>Values of <c>token_endpoint_auth_method</c> (RFC 7591 §2).</summary>
public static class AuthMethods
{
    public const string None = "none";
    public const string ClientSecretBasic = "client_secret_basic";
    public const string ClientSecretPost = "client_secret_post";

    /// <summary>What a registration may ask for, and metadata advertises.</summary>
    public static readonly IReadOnlyList<string> Supported = [None, ClientSecretBasic, ClientSecretPost];
}

/// <summary>
/// An OAuth client as the server knows it. This folder owns who a client is and what it asserts of itself; how it
/// proves itself at an endpoint is the application's.
/// </summary>
public sealed class Client
{
    public required string Id { get; init; }

    /// <summary>What the client calls itself: untrusted text, escaped and shortened where it is shown.</summary>
    public string? Name { get; init; }

    public required IReadOnlyList<string> RedirectUris { get; init; }

    public required IReadOnlyList<string> GrantTypes { get; init; }

    public required string TokenEndpointAuthMethod { get; init; }

    public string? ApplicationType { get; init; }

    public string? ClientUri { get; init; }

    /// <summary>Null for a public client.</summary>
    public TokenHash? SecretHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Whether an operator put it here; anyone can register the others.</summary>
    public bool IsPreRegistered { get; init; }

    public bool IsPublic => TokenEndpointAuthMethod == AuthMethods.None;

    public bool IsDisabled => DisabledAt is not null;

    public bool Allows(string grantType) => GrantTypes.Contains(grantType);

    /// <summary>
    /// The URI that the answer goes to: the sent one when it matches a registered one, the only registered one when
    /// none was sent (RFC 6749 §3.1.2.3), otherwise null.
    /// </summary>
    public string? FindRedirectUri(string? sent) => sent is null
        ? RedirectUris is [var only] ? only : null
        : RedirectUris.Any(registered => RedirectUri.Matches(registered, sent)) ? sent : null;
}
