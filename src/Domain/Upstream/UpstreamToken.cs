using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Upstream;

/// <summary>
/// A user's token at a provider. It is renewed by one process at a time: who holds the lease asks the provider, and
/// what came back is stored only over the generation that it renews, so that a late writer overwrites nothing.
/// </summary>
public sealed record UpstreamToken
{
    /// <summary>How early a token is renewed.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How often a provider has to refuse the refresh token before it counts as dead: some refuse live ones in a bad moment.
    /// </summary>
    public const int Confirmations = 3;

    public required string Subject { get; init; }
    public required string Provider { get; init; }

    /// <summary>Whose it is there: the subject at the provider.</summary>
    public required string Identity { get; init; }

    public required Secret AccessToken { get; init; }
    public Secret? RefreshToken { get; init; }

    /// <summary>What the provider granted, which may be less than was asked for.</summary>
    public required IReadOnlyList<string> Scope { get; init; }

    /// <summary>Null when it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// Counts renewals on from the ticks of the time when the account was linked, so that no two links have one in common.
    /// </summary>
    public required long Generation { get; init; }

    /// <summary>How often in a row the provider refused to renew it.</summary>
    public int Refusals { get; init; }

    /// <summary>Until when nobody else asks the provider: somebody does now, or it failed just before.</summary>
    public DateTimeOffset? LeasedUntil { get; init; }

    /// <summary>Who asks the provider now; null when nobody does.</summary>
    public string? Lease { get; init; }

    /// <summary>Only linking the account anew helps.</summary>
    public bool IsDead(DateTimeOffset now) => Refusals >= Confirmations || (RefreshToken is null && ExpiresAt <= now);

    public bool IsDue(DateTimeOffset now) => RefreshToken is not null && ExpiresAt - Margin <= now;

    public bool IsLive(DateTimeOffset now) => !(ExpiresAt <= now);

    public bool IsLeased(DateTimeOffset now) => LeasedUntil > now;

    /// <summary>
    /// The next generation, of what the provider sent. A scope or refresh token that it does not repeat stays (RFC 6749 §6).
    /// </summary>
    public UpstreamToken Renew(UpstreamTokenSet renewed, DateTimeOffset now) =>
        this with
        {
            AccessToken = renewed.AccessToken,
            RefreshToken = renewed.RefreshToken ?? RefreshToken,
            Scope = renewed.Scope ?? Scope,
            ExpiresAt = now + renewed.ExpiresIn,
            Generation = Generation + 1,
            Refusals = 0,
            LeasedUntil = null,
            Lease = null,
        };
}
