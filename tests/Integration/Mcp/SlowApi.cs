using Microsoft.AspNetCore.Http;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>An API that answers nothing until its caller hangs up, and tells how many it holds.</summary>
internal sealed class SlowApi : IAsyncDisposable
{
    private readonly Lock counting = new();
    private TaskCompletionSource changed = Signal();
    private TaskCompletionSource arrival = Signal();
    private int held;
    private StandIn? api;

    public string Address => api!.Address.AbsoluteUri;

    /// <summary>Done when the next caller comes.</summary>
    public Task NextArrival
    {
        get
        {
            lock (counting)
                return arrival.Task;
        }
    }

    public static async Task<SlowApi> StartAsync()
    {
        var slow = new SlowApi();
        slow.api = await StandIn.StartAsync(slow.HoldAsync);
        return slow;
    }

    /// <summary>Waits until it holds just as many, which has to be soon.</summary>
    public async Task HoldsAsync(int calls)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(ServerProcess.Patience);
        while (true)
        {
            var (now, next) = Look();
            if (now == calls)
                return;
            if (await Task.WhenAny(next, Task.Delay(Timeout.InfiniteTimeSpan, patience.Token)) != next)
                Assert.Fail($"It holds {now} calls, not {calls}.");
        }
    }

    public ValueTask DisposeAsync() => api!.DisposeAsync();

    private (int Held, Task Changed) Look()
    {
        lock (counting)
            return (held, changed.Task);
    }

    private async Task HoldAsync(HttpContext http)
    {
        Count(1);
        await StandIn.GoneAsync(http);
        Count(-1);
    }

    private void Count(int change)
    {
        lock (counting)
        {
            held += change;
            changed.SetResult();
            changed = Signal();
            if (change < 0)
                return;
            arrival.SetResult();
            arrival = Signal();
        }
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
