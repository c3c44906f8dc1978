using System.Collections.Concurrent;
using OAuthMcp.Application.Tokens;

namespace OAuthMcp.Infrastructure.Persistence.Revocations;

/// <summary>
/// The revocations that this process has heard of. It refuses nothing: it says whether what was read of a token may still be believed.
/// <see cref="RevocationFollower"/> alone writes to it. All times are timestamps of the machine, which no change of its clock moves.
/// </summary>
/// <param name="life">How long what was read is believed, and so how long an entry has to be remembered.</param>
internal sealed class RevocationList(TimeProvider time, TimeSpan life) : IRevocations
{
    /// <summary>After how long without a look at the feed the rows are asked again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>With more entries than that it begins anew, and each token is read once again.</summary>
    public const int Most = 100_000;

    private Era era = new(0);
    private Sight? sight;
    private long doubts;
    private long seen;

    public Bell Bell { get; } = new();

    public long Seen => Interlocked.Read(ref seen);

    public TimeSpan? Lag => Volatile.Read(ref sight) is { } last ? time.GetElapsedTime(last.Began) : null;

    /// <summary>The number of the last entry.</summary>
    public long Last => Volatile.Read(ref era).Last;

    public int Count => Volatile.Read(ref era).Count;

    /// <summary>Whether the feed was looked at a moment ago.</summary>
    public bool IsFollowed => Volatile.Read(ref sight) is { } last && time.GetElapsedTime(last.Began) < Patience;

    /// <summary>Taken before a row is read: whatever is revoked later has a higher number.</summary>
    public RevocationMark Mark()
    {
        var (at, current) = (time.GetTimestamp(), Volatile.Read(ref era)); // in this order, so that no entry is forgotten before the mark
        return new RevocationMark(current, current.Last, at);
    }

    /// <summary>Whether what was read after the mark still holds for the token.</summary>
    public bool Covers(RevocationMark mark, AccessTokenClaims token)
    {
        var current = Volatile.Read(ref era);
        return IsFollowed
            && Volatile.Read(ref sight)!.Doubts == Interlocked.Read(ref doubts)
            && ReferenceEquals(mark.Era, current)
            && time.GetElapsedTime(mark.At) < life
            && !current.HasTouched(token, mark.Number);
    }

    /// <summary>
    /// This process may have revoked something itself. Until that has come back by the feed, rows are read: whoever is told that it
    /// is revoked finds it revoked.
    /// </summary>
    public void Doubt()
    {
        Interlocked.Increment(ref doubts);
        Bell.Ring();
    }

    /// <summary>A look at the feed begins.</summary>
    public Sight Look() => new(time.GetTimestamp(), Interlocked.Read(ref doubts));

    /// <summary>Believes nothing that was read before, and goes on behind the entry of this number.</summary>
    public void BeginAnew(long number)
    {
        Volatile.Write(ref era, new Era(number));
        Interlocked.Increment(ref seen);
    }

    /// <summary>
    /// Takes what the feed has from the last known entry on. Numbers have no gaps and the newest entry is never deleted, so a gap
    /// means that this process was away for so long that it missed some.
    /// </summary>
    public void Take(IReadOnlyList<Revocation> entries)
    {
        var before = Last;
        if (entries.Count == 0 && Last > 0)
            BeginAnew(0); // another database than before
        foreach (var entry in entries.Where(entry => entry.Number != Last))
            if (entry.Number == Last + 1 && entry.Kind != RevocationKind.Everything)
                era.Add(entry, time);
            else
                BeginAnew(entry.Number);
        if (Last != before)
            Interlocked.Increment(ref seen);
    }

    /// <summary>All that was in the feed when the look began has been taken.</summary>
    public void Settle(Sight look)
    {
        era.Forget(time, life);
        if (era.Count > Most)
            BeginAnew(era.Last);
        Volatile.Write(ref sight, look);
    }

    internal sealed record Sight(long Began, long Doubts);

    private sealed class Era(long last)
    {
        private readonly ConcurrentDictionary<(RevocationKind, string), long> numbers = new();
        private readonly Queue<(long At, (RevocationKind, string) Of, long Number)> byAge = new();
        private long last = last;

        public long Last => Volatile.Read(ref last);

        public int Count => byAge.Count;

        public void Add(Revocation entry, TimeProvider time)
        {
            numbers[(entry.Kind, entry.Id)] = entry.Number;
            Volatile.Write(ref last, entry.Number);
            byAge.Enqueue((time.GetTimestamp(), (entry.Kind, entry.Id), entry.Number)); // not older than any mark without it
        }

        public void Forget(TimeProvider time, TimeSpan life)
        {
            while (byAge.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) >= life)
            {
                byAge.Dequeue();
                numbers.TryRemove(KeyValuePair.Create(oldest.Of, oldest.Number)); // a later entry of the same stays
            }
        }

        public bool HasTouched(AccessTokenClaims token, long after) =>
            Last != after
            && (
                IsAfter(RevocationKind.Token, token.JwtId, after)
                || IsAfter(RevocationKind.Client, token.ClientId, after)
                || IsAfter(RevocationKind.User, token.Subject, after)
                || (token.GrantId is { } grant && IsAfter(RevocationKind.Grant, grant, after))
            );

        private bool IsAfter(RevocationKind kind, string id, long after) =>
            numbers.TryGetValue((kind, id), out var number) && number > after;
    }
}
