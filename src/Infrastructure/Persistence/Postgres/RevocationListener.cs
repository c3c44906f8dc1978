using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>
/// Rings the bell when any server appends to the feed, by one connection that lasts. It makes revocations quick and nothing more:
/// without it they are found by looking.
/// </summary>
internal sealed class RevocationListener(RevocationSource source, RevocationList list, ILogger<RevocationListener> log) : BackgroundService
{
    public const string Channel = "oauthmcp_revocations";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            for (; ; await Task.Delay(Pause, stoppingToken))
                await TryListenAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task TryListenAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = (NpgsqlConnection)await source.OpenAsync(ct);
            connection.Notification += (_, _) => list.Bell.Ring();
            await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
                await listen.ExecuteNonQueryAsync(ct);
            while (true)
                await connection.WaitAsync(ct);
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            log.LogDebug(failure, "The database cannot announce revocations, which are found by looking"); // the follower says more
        }
    }
}
