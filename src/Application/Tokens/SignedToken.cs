namespace OAuthMcp.Application.Tokens;

/// <summary>What a signed token says of itself. Unless the signature is good, anybody may have written it.</summary>
/// <param name="Type">The <c>typ</c> of its header.</param>
internal sealed record SignedToken(string? Type, string? Algorithm, string? KeyId, SignatureState Signature)
{
    public string? Issuer { get; init; }
    public IReadOnlyList<string> Audiences { get; init; } = [];
    public string? Subject { get; init; }
    public string? ClientId { get; init; }
    public string? TokenId { get; init; }
    public string? GrantId { get; init; }
    public string? Scope { get; init; }
    public DateTimeOffset? IssuedAt { get; init; }
    public DateTimeOffset? NotBefore { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    internal bool IsAccessToken => Type?.EndsWith("at+jwt", StringComparison.OrdinalIgnoreCase) == true;
}
