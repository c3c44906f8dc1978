using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Settings;

/// <summary>An authorization server elsewhere. It signs people in and issues the tokens, which this server only validates.</summary>
internal sealed record ExternalAuthority
{
    public required string Issuer { get; init; }

    /// <summary>What <c>aud</c> may be: the resource itself, or another where the issuer knows no resource indicators.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>
    /// What the header <c>typ</c> of a token may be (RFC 9068 §4). It includes <c>JWT</c> only for an issuer that marks no token.
    /// </summary>
    public required IReadOnlyList<string> TokenTypes { get; init; }

    /// <summary>What the issuer writes in front of this server's scopes, such as <c>api://mcp/</c>; empty for nothing.</summary>
    public required string ScopePrefix { get; init; }

    /// <summary>
    /// This server's own id at the introspection endpoint (RFC 7662); null where tokens are validated by the issuer's keys.
    /// </summary>
    public string? ClientId { get; init; }

    public Secret? ClientSecret { get; init; }

    /// <summary>For how long the answer of an introspection is used.</summary>
    public required TimeSpan IntrospectionCache { get; init; }

    /// <summary>Scopes of this server as the issuer spells them.</summary>
    public ScopeSet Spell(ScopeSet scopes) => ScopeSet.Of(scopes.Select(scope => ScopePrefix + scope));

    /// <summary>Scopes of a token as this server spells them.</summary>
    public ScopeSet Read(IEnumerable<string> scopes) =>
        ScopeSet.Of(
            scopes.Select(scope =>
                ScopePrefix.Length > 0 && scope.StartsWith(ScopePrefix, StringComparison.Ordinal) ? scope[ScopePrefix.Length..] : scope
            )
        );
}
