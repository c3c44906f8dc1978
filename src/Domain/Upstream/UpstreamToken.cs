using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Upstream;

/// <summary>
/// A user's token at a provider. The process that holds the lease renews it, and stores the answer only over the generation that it
/// renewed, so that a late writer overwrites nothing.
/// </summary>
internal sealed record UpstreamToken
{
    /// <summary>How early a token is renewed.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>
    /// After how many refusals in a row the refresh token counts as dead. Some providers refuse live ones in a bad moment.
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

    /// <summary>Counts renewals, beginning at the ticks of the time of the link, so that no two links share a generation.</summary>
    public required long Generation { get; init; }

    /// <summary>How often in a row the provider refused to renew it.</summary>
    public int Refusals { get; init; }

    /// <summary>Until when nobody else asks the provider, because somebody is asking or has just failed.</summary>
    public DateTimeOffset? LeasedUntil { get; init; }

    /// <summary>Who asks the provider now; null when nobody does.</summary>
    public string? Lease { get; init; }

    /// <summary>Whether only linking the account anew helps.</summary>
    public bool IsDead(DateTimeOffset now) => Refusals >= Confirmations || (RefreshToken is null && ExpiresAt <= now);

    public bool IsDue(DateTimeOffset now) => RefreshToken is not null && ExpiresAt - Margin <= now;

    public bool IsLive(DateTimeOffset now) => !(ExpiresAt <= now);

    public bool IsLeased(DateTimeOffset now) => LeasedUntil > now;

    /// <summary>
    /// The next generation, made of what the provider sent. A scope or refresh token that it does not repeat stays (RFC 6749 §6).
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
