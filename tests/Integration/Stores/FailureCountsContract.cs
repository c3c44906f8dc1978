using OAuthMcp.Application.Protocol;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Integration.Stores;

public abstract class FailureCountsContract(StoreFixture stores)
{
    private readonly string peer = Identifier.New("peer");

    [Fact]
    public async Task Counts_all_that_come_at_once()
    {
        var counts = await stores.RaceAsync(16, (IFailureCounts failures, int _) =>
            failures.CountAsync(FailureKind.Password, peer, stores.Now, Rows.Ct)
        );
        Assert.Equal(Enumerable.Range(1, 16), counts.Order());
    }

    [Fact]
    public async Task Lets_whoever_failed_too_often_wait_for_the_rest_of_the_minute()
    {
        var half = new DateTimeOffset(2026, 3, 4, 5, 6, 30, TimeSpan.Zero);
        await CountAsync(FailureKind.Password, half);
        Assert.Null(await WaitAsync(2, half));
        await CountAsync(FailureKind.Client, half);
        Assert.Null(await WaitAsync(2, half));
        await CountAsync(FailureKind.Password, half);
        Assert.Equal(TimeSpan.FromSeconds(30), await WaitAsync(2, half));
        Assert.Null(await WaitAsync(3, half));
        Assert.Null(await WaitAsync(0, half));
        Assert.Null(await WaitAsync(2, half.AddSeconds(30)));
    }

    private Task<int> CountAsync(FailureKind kind, DateTimeOffset now) =>
        stores.InAsync((IFailureCounts failures) => failures.CountAsync(kind, peer, now, Rows.Ct));

    private Task<TimeSpan?> WaitAsync(int limit, DateTimeOffset now) =>
        stores.InAsync((IFailureCounts failures) => failures.WaitAsync(FailureKind.Password, peer, limit, now, Rows.Ct));
}
