namespace OAuthMcp.Application.Protocol;

/// <summary>
/// What each owner holds of something that all share, oldest first and in the memory of this process. An owner with more than a
/// share gives up the oldest, so that a flood keeps nobody else out.
/// </summary>
/// <param name="life">After this time nothing counts any more.</param>
/// <param name="mostInAll">How many are counted, the newest ones; 0 for no limit.</param>
internal sealed class Shares(TimeSpan life, int mostInAll, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly LinkedList<(string Owner, string Id, DateTimeOffset Until)> all = new();
    private readonly Dictionary<string, Queue<LinkedListNode<(string Owner, string Id, DateTimeOffset Until)>>> owners = new(
        StringComparer.Ordinal
    );

    /// <summary>Adds one, and returns the one that has to go for it; null where there is room.</summary>
    /// <param name="most">How many an owner may have; 0 for no limit.</param>
    public string? Add(string owner, string id, int most)
    {
        if (most == 0)
            return null;
        var now = time.GetUtcNow();
        lock (gate)
        {
            while (all.First is { } oldest && (oldest.Value.Until <= now || (mostInAll > 0 && all.Count >= mostInAll)))
                ForgetOldest(oldest.Value.Owner);
            if (!owners.TryGetValue(owner, out var own))
                owners.Add(owner, own = new());
            own.Enqueue(all.AddLast((owner, id, now + life)));
            return own.Count > most ? ForgetOldest(owner) : null;
        }
    }

    private string ForgetOldest(string owner)
    {
        var own = owners[owner];
        var oldest = own.Dequeue();
        all.Remove(oldest);
        if (own.Count == 0)
            owners.Remove(owner);
        return oldest.Value.Id;
    }
}
