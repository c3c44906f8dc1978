using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OAuthMcp.Infrastructure.Persistence.Revocations;

/// <summary>
/// Follows the feed into the list, from before the first request to the end: twice a second, and at once when the bell rings. It
/// begins at the newest entry, since a token's row is read when the token is first seen, and tells of what was before. The
/// machine's time rules here, as with everything that waits for a real database.
/// </summary>
internal sealed class RevocationFollower(
    RevocationSource source,
    RevocationList list,
    IEnumerable<IRevocationHearer> hearers,
    ILogger<RevocationFollower> log
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly Queue<Revocation> unheard = new();
    private bool hasBegun;
    private bool isBroken;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryLookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await list.Bell.WaitAsync(Interval, stoppingToken);
                await TryLookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task TryLookAsync(CancellationToken ct)
    {
        try
        {
            await LookAsync(ct);
            if (isBroken)
                log.LogInformation("Revocations are followed again");
            isBroken = false;
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            if (isBroken || list.IsFollowed)
                return;
            isBroken = true;
            log.LogWarning(failure, "Revocations cannot be followed, so tokens are looked up at each call until they can be");
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        var look = list.Look();
        if (!hasBegun)
            list.BeginAnew(await source.FindNewestAsync(ct));
        hasBegun = true;
        for (var isMore = true; isMore; )
        {
            var (last, entries) = (list.Last, await source.ReadAsync(list.Last, ct));
            list.Take(entries);
            foreach (var entry in entries.Where(entry => entry.Number > last))
                unheard.Enqueue(entry);
            isMore = entries.Count == RevocationSource.Page;
        }

        list.Settle(look);
        for (; unheard.TryPeek(out var ended); unheard.Dequeue()) // again at the next look, where one of them fails
            foreach (var hearer in hearers)
                await hearer.HearAsync(ended, ct);
    }
}
