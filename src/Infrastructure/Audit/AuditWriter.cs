using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OAuthMcp.Application.Audit;

namespace OAuthMcp.Infrastructure.Audit;

/// <summary>
/// Writes what waits twice a second, and at the end what is left. While the database takes nothing, it keeps what it has and tries
/// again.
/// </summary>
internal sealed class AuditWriter(AuditBuffer buffer, AuditTrail trail, AuditStream stream, TimeProvider time, ILogger<AuditWriter> log)
    : BackgroundService
{
    private const int Batch = 256; // so that others who write get their turn
    private const int MostTogether = 1024; // where it has fallen behind
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    private readonly List<AuditEvent> batch = [];
    private bool isInTrouble;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // By the machine's own time: how long something waits here has nothing to do with what the clock says.
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await WriteAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The rest is written when the server has answered its last request.
        }
    }

    /// <summary>Requests have ended by now, since the server that listens stops first.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestEnd);
        await WriteAsync(limit.Token);
        if (batch.Count + buffer.Count is > 0 and var lost)
            log.LogError("{Count} audit events could not be written before the end, and are lost", lost);
    }

    private async Task WriteAsync(CancellationToken ct)
    {
        try
        {
            do
            {
                if (batch.Count == 0)
                    buffer.Take(batch, Math.Clamp(buffer.Count / 4, Batch, MostTogether), time.GetUtcNow());
                await trail.StoreAsync(batch, ct);
                batch.ForEach(stream.Write);
                batch.Clear();
            } while (buffer.Count > 0);

            if (isInTrouble)
                log.LogInformation("The audit trail is written again");
            isInTrouble = false;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            if (!isInTrouble)
                log.LogError(
                    "The audit trail cannot be written, and {Capacity} events at most wait for it: {Reason}",
                    AuditBuffer.Capacity,
                    failure.Message
                );
            isInTrouble = true;
        }
        catch (OperationCanceledException)
        {
            // What is left waits for the end, or is counted there.
        }
    }
}
