namespace OAuthMcp.Application.Protocol;

/// <summary>
/// What each owner holds of something that all share, oldest first and in the memory of this process. An owner with more than a
/// share gives up the oldest, so that a flood keeps nobody else out.
/// </summary>
public sealed class Shares(TimeSpan life, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<(string Id, DateTimeOffset Until)>> owners = new(StringComparer.Ordinal);
    private DateTimeOffset nextSweep;

    /// <summary>Adds one, and returns the one that has to go for it; null where there is room.</summary>
    /// <param name="most">How many an owner may have; 0 for no limit.</param>
    public string? Add(string owner, string id, int most)
    {
        if (most == 0)
            return null;
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (now >= nextSweep)
                Sweep(now);
            if (!owners.TryGetValue(owner, out var own))
                owners.Add(owner, own = new());
            ForgetOver(own, now);
            own.Enqueue((id, now + life));
            return own.Count > most ? own.Dequeue().Id : null;
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        nextSweep = now + life / 10;
        foreach (var (owner, own) in owners)
        {
            ForgetOver(own, now);
            if (own.Count == 0)
                owners.Remove(owner);
        }
    }

    private static void ForgetOver(Queue<(string Id, DateTimeOffset Until)> own, DateTimeOffset now)
    {
        while (own.TryPeek(out var oldest) && oldest.Until <= now)
            own.Dequeue();
    }
}
