using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>The claims of an access token (RFC 9068 §2.2), plus <c>grant</c>, the family that it belongs to.</summary>
internal sealed record AccessTokenClaims
{
    public required string JwtId { get; init; }
    public required string Issuer { get; init; }
    public required string Audience { get; init; }
    public required string Subject { get; init; }
    public required string ClientId { get; init; }

    /// <summary>The family; null for a machine, which acts in its own name and has no grant.</summary>
    public string? GrantId { get; init; }
    public required ScopeSet Scope { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    public bool IsMachine => GrantId is null;
}
