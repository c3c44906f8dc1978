using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Upstream;

/// <summary>A service where people sign in with an account they have there, and this server's registration as a client of it.</summary>
internal sealed record UpstreamProvider
{
    /// <summary>Its name in configuration, store and forms: short, stable, never shown.</summary>
    public required string Name { get; init; }

    /// <summary>What a button says.</summary>
    public required string DisplayName { get; init; }

    public required ProviderKind Kind { get; init; }

    /// <summary>GitHub: the base of its pages. All others: the issuer, exactly as its discovery document spells it.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>
    /// The path of the redirect URI that is registered there. Each provider has its own, so that an answer of one cannot pass for
    /// another's even if it names no issuer (RFC 9700 §4.4.2, "Mix-Up Defense").
    /// </summary>
    public required string CallbackPath { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Null for a public client, which PKCE alone protects.</summary>
    public Secret? ClientSecret { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Further parameters of its authorization endpoint, such as <c>access_type=offline</c> for Google.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    public required EntryRules Rules { get; init; }

    /// <summary>Whether anybody at all may enter: no rule keeps anybody out, and anybody can have an account there.</summary>
    public bool IsOpenToAll => Rules.AdmitsEverybody && ProviderKind.All.Any(kind => kind.OpenHosts.Contains(new Uri(BaseUrl).Host));

    /// <summary>The scopes that were asked for and not granted, without those of a mere sign-in.</summary>
    public IReadOnlyList<string> Missing(UpstreamToken token) =>
        [.. Scopes.Where(scope => !SignInScopes.Contains(scope) && !Covers(token.Scope, scope))];

    private static readonly string[] SignInScopes =
    [
        "offline_access",
        .. ProviderKind.All.SelectMany(kind => kind.SignInScopes.Concat(kind.EmailScopes).Concat(kind.GroupScopes)),
    ];

    // GitHub grants the parent alone where both are asked for, and repo includes repo:status.
    private static bool Covers(IReadOnlyList<string> granted, string scope) =>
        granted.Contains(scope) || (scope.IndexOf(':') is > 0 and var colon && granted.Contains(scope[..colon]));
}
