using System.Net;
using OAuthMcp.Application.Audit;

namespace OAuthMcp.Infrastructure.Audit;

/// <summary>
/// Keeps whoever is refused again and again from filling the trail. Of equal refusals of a peer the first of each minute are kept,
/// and the others counted; of peers beyond a number all count as one.
/// </summary>
internal sealed class AuditSampling
{
    public const int MostAMinute = 20;
    public const int MostKinds = 200;

    private readonly Lock gate = new();
    private readonly Dictionary<Kind, (int Count, AuditEvent First)> counts = [];
    private long minute;

    /// <summary>Whether the event is written. What is not refused always is.</summary>
    /// <param name="ended">What was left out of the minute before, once that is over.</param>
    public bool IsKept(AuditEvent happened, out IReadOnlyList<AuditEvent> ended)
    {
        ended = [];
        if (!happened.IsRoutine || happened.Decision != AuditWords.Refused)
            return true;
        lock (gate)
        {
            ended = TakeEndedOf(happened.At);
            var kind = new Kind(NetworkOf(happened.Peer), happened.What, happened.ErrorCode);
            if (!counts.ContainsKey(kind) && counts.Count >= MostKinds)
                kind = new Kind("", happened.What, null);
            var (count, first) = counts.GetValueOrDefault(kind, (0, happened));
            counts[kind] = (count + 1, first);
            return count < MostAMinute;
        }
    }

    /// <summary>What was left out of minutes that are over.</summary>
    public IReadOnlyList<AuditEvent> TakeEnded(DateTimeOffset now)
    {
        lock (gate)
            return TakeEndedOf(now);
    }

    private AuditEvent[] TakeEndedOf(DateTimeOffset now)
    {
        var present = now.UtcTicks / TimeSpan.TicksPerMinute;
        if (present == minute)
            return [];
        minute = present;
        AuditEvent[] leftOut =
        [
            .. counts
                .Where(kind => kind.Value.Count > MostAMinute)
                .Select(kind => new AuditEvent(now, AuditWords.Missing, AuditWords.Refused)
                {
                    Act = kind.Key.What,
                    ErrorCode = kind.Key.ErrorCode,
                    Peer = kind.Key.Network is "" ? null : kind.Value.First.Peer,
                    Reason = $"{kind.Value.Count - MostAMinute} more refusals like those before them were left out",
                    IsRoutine = true,
                }),
        ];
        counts.Clear();
        return leftOut;
    }

    // The /64 of an IPv6 address, since one machine has all of it.
    private static string NetworkOf(IPAddress? peer) =>
        peer?.GetAddressBytes() is { } bytes ? Convert.ToHexString(bytes, 0, Math.Min(8, bytes.Length)) : "-";

    private readonly record struct Kind(string Network, string What, string? ErrorCode);
}
