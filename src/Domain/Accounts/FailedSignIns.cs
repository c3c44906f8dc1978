namespace OAuthMcp.Domain.Accounts;

/// <summary>
/// Wrong passwords or codes from one place. Too many lock the place out, each time for twice as long; a day without one forgets
/// them all.
/// </summary>
/// <param name="Count">Since the last lockout.</param>
/// <param name="Lockouts">How often it was locked out.</param>
internal sealed record FailedSignIns(int Count, int Lockouts, DateTimeOffset? LockedUntil, DateTimeOffset LastAt)
{
    public static readonly TimeSpan Memory = TimeSpan.FromDays(1);
    private static readonly TimeSpan FirstLockout = TimeSpan.FromMinutes(5);
    private const int MostDoublings = 8; // 21 hours

    public static FailedSignIns None(DateTimeOffset now) => new(0, 0, null, now);

    /// <summary>How long it is locked out; null when it is not.</summary>
    public TimeSpan? Wait(DateTimeOffset now) => LockedUntil > now ? LockedUntil - now : null;

    /// <param name="limit">How many lock the place out.</param>
    public FailedSignIns Add(int limit, DateTimeOffset now)
    {
        var known = now - (LockedUntil > LastAt ? LockedUntil.Value : LastAt) < Memory ? this : None(now);
        return known.Count + 1 < limit
            ? known with
            {
                Count = known.Count + 1,
                LastAt = now,
            }
            : new(0, known.Lockouts + 1, now + FirstLockout * Math.Pow(2, Math.Min(known.Lockouts, MostDoublings)), now);
    }
}
