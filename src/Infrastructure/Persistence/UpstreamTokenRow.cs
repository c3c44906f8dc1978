namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>A user's token at a provider; both secrets are sealed to this row.</summary>
internal sealed class UpstreamTokenRow
{
    public required string Subject { get; init; }
    public required string Provider { get; init; }
    public required string SealedAccessToken { get; set; }
    public string? SealedRefreshToken { get; set; }
    public required IReadOnlyList<string> Scope { get; set; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public long Generation { get; set; }
    public int Refusals { get; set; }
    public DateTimeOffset? LeasedUntil { get; set; }
    public string? Lease { get; set; }
}
