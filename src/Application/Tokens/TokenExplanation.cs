namespace OAuthMcp.Application.Tokens;

/// <summary>What there is to say of a token. It holds neither the token nor its signature.</summary>
internal sealed record TokenExplanation
{
    public required TokenKind Kind { get; init; }

    /// <summary>Whether it would be taken now, where tokens of its kind are.</summary>
    public required bool IsAccepted { get; init; }

    /// <summary>Why it would not be, and what ended it, in words for the operator.</summary>
    public string? Why { get; init; }
    public string? UserName { get; init; }
    public string? ClientId { get; init; }
    public string? Subject { get; init; }
    public string? GrantId { get; init; }
    public string? Scope { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When a code was redeemed or a refresh token exchanged.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>What a signed token says; null for any other.</summary>
    public SignedToken? Jwt { get; init; }
}
