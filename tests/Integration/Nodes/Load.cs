using System.Diagnostics;

namespace OAuthMcp.Integration.Nodes;

/// <summary>Acts that are repeated, each after itself, until the test has seen enough. The first that fails ends them all.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(
        TestContext.Current.CancellationToken
    );
    private readonly Task<int[]> running;

    private Load(IEnumerable<Func<Task>> acts) => running = Task.WhenAll(acts.Select(RepeatAsync));

    public static Load Start(params Func<Task>[] acts) => new(acts);

    /// <summary>Goes on for this time, or until an act fails.</summary>
    public async Task LastAsync(TimeSpan time)
    {
        var began = Stopwatch.StartNew();
        while (began.Elapsed < time && !enough.IsCancellationRequested)
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken));
    }

    /// <summary>Ends it, and fails where an act did.</summary>
    /// <returns>How often each act was done.</returns>
    public async Task<IReadOnlyList<int>> StopAsync()
    {
        await enough.CancelAsync();
        return await running;
    }

    public async ValueTask DisposeAsync()
    {
        await enough.CancelAsync();
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        enough.Dispose();
    }

    private async Task<int> RepeatAsync(Func<Task> act)
    {
        await Task.Yield();
        try
        {
            var done = 0;
            for (; !enough.IsCancellationRequested; done++)
                await act();
            return done;
        }
        catch
        {
            await enough.CancelAsync();
            throw;
        }
    }
}
