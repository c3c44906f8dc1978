using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Infrastructure.Persistence.Postgres;
using OAuthMcp.Infrastructure.Persistence.Revocations;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresRevocationFeedTests(PostgresStores stores)
    : RevocationFeedContract(stores.OrSkip()),
        IClassFixture<PostgresStores>
{
    private readonly StoreFixture stores = stores;

    [Fact]
    public async Task Wakes_whoever_listens()
    {
        var list = new RevocationList(TimeProvider.System, TimeSpan.FromHours(1));
        var source = await stores.InAsync((RevocationSource source) => Task.FromResult(source));
        using var listener = new RevocationListener(source, list, NullLogger<RevocationListener>.Instance);
        await listener.StartAsync(Rows.Ct);
        // It may not listen yet when the first revocation comes.
        for (var (waited, isRung) = (Stopwatch.StartNew(), false); !isRung; )
        {
            Assert.InRange(waited.Elapsed, TimeSpan.Zero, ServerProcess.Soon);
            var (grant, _) = await stores.AllowAsync();
            var wait = list.Bell.WaitAsync(TimeSpan.FromSeconds(2), Rows.Ct);
            await stores.InAsync((IGrantStore grants) => grants.RevokeAsync(grant.Id, stores.Now, Rows.Ct));
            var asked = Stopwatch.StartNew();
            await wait;
            isRung = asked.Elapsed < TimeSpan.FromSeconds(1);
        }

        await listener.StopAsync(CancellationToken.None);
    }
}
