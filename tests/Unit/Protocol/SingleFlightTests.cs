using OAuthMcp.Application.Protocol;

namespace OAuthMcp.Unit.Protocol;

public sealed class SingleFlightTests
{
    private readonly SingleFlight<string, string> flight = new();
    private readonly TaskCompletionSource<string> answer = new();
    private int begun;

    [Fact]
    public async Task Whoever_comes_meanwhile_shares_the_outcome_and_whoever_comes_later_begins_anew()
    {
        Task<string>[] waiting = [.. Enumerable.Range(0, 32).Select(_ => RunAsync("a"))];
        Assert.Equal(1, begun);
        answer.SetResult("done");
        Assert.All(await Task.WhenAll(waiting), outcome => Assert.Equal("done", outcome));
        await RunAsync("a");
        Assert.Equal(2, begun);
    }

    [Fact]
    public async Task Keys_do_not_wait_for_each_other()
    {
        var waiting = RunAsync("a");
        Assert.Equal("other", await flight.RunAsync("b", () => Task.FromResult("other"), Given.Ct));
        Assert.False(waiting.IsCompleted);
        answer.SetResult("done");
        await waiting;
    }

    [Fact]
    public async Task Who_leaves_ends_nothing()
    {
        using var left = new CancellationTokenSource();
        var (first, second) = (RunAsync("a", left.Token), RunAsync("a"));
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult("done");
        Assert.Equal("done", await second);
        Assert.Equal(1, begun);
    }

    [Fact]
    public async Task A_failure_is_everybodys_and_is_not_kept()
    {
        Task<string>[] waiting = [RunAsync("a"), RunAsync("a")];
        answer.SetException(new InvalidOperationException("down"));
        foreach (var one in waiting)
            await Assert.ThrowsAsync<InvalidOperationException>(() => one);
        Assert.Equal("up", await flight.RunAsync("a", () => Task.FromResult("up"), Given.Ct));
    }

    [Fact]
    public async Task The_end_waits_for_what_is_under_way_whatever_comes_of_it()
    {
        var waiting = RunAsync("a");
        var end = flight.EndAsync(Given.Ct);
        Assert.False(end.IsCompleted);
        answer.SetException(new InvalidOperationException("down"));
        await end;
        await Assert.ThrowsAsync<InvalidOperationException>(() => waiting);
    }

    private Task<string> RunAsync(string key, CancellationToken? ct = null) =>
        flight.RunAsync(
            key,
            () =>
            {
                begun++;
                return answer.Task;
            },
            ct ?? Given.Ct
        );
}
