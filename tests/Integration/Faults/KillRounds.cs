using System.Globalization;

namespace OAuthMcp.Integration.Faults;

/// <summary>Clients that work until something is killed, and look afterwards what became of what they were answered.</summary>
internal sealed class KillRounds : IDisposable
{
    private const int Lanes = 4;
    private const int StepsAfter = 5;
    private readonly List<KillLane> lanes;
    private readonly Random random;
    private int answers;
    private volatile bool isOver;

    public KillRounds(Func<Uri> find, string resource, int seed)
    {
        random = new Random(seed);
        lanes = [.. Enumerable.Range(0, Lanes).Select(lane => new KillLane(find, resource, new Random(seed + lane + 1)))];
    }

    /// <summary>50, or as many as <c>OAUTHMCP_KILL_ROUNDS</c> says.</summary>
    public static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("OAUTHMCP_KILL_ROUNDS"), CultureInfo.InvariantCulture, out var rounds)
            ? rounds
            : 50;

    /// <summary>How many requests were answered before something was killed.</summary>
    public int Answers => answers;

    /// <summary>Works, kills after some answers, in the middle of what is on its way, and looks at the journal.</summary>
    /// <param name="killAsync">Comes back when whatever it killed serves again, or something else does.</param>
    public async Task RunAsync(Func<Task> killAsync)
    {
        isOver = false;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var target = Volatile.Read(ref answers) + random.Next(5, 40);
        var working = lanes.Select(lane => WorkAsync(lane, target, enough)).ToList();
        await Task.WhenAny(enough.Task, Task.WhenAll(working));
        await killAsync();
        isOver = true;
        await Task.WhenAll(working);
        await CheckAsync();
    }

    public Task CheckAsync() => Task.WhenAll(lanes.Select(lane => lane.CheckAsync()));

    public Task CheckSpentAsync() => Task.WhenAll(lanes.Select(lane => lane.CheckSpentAsync()));

    public void Dispose() => lanes.ForEach(lane => lane.Dispose());

    private async Task WorkAsync(KillLane lane, int target, TaskCompletionSource enough)
    {
        // Bounded, since a lane may not notice that something was killed: another node serves it.
        for (var left = 1000; left > 0 && await lane.StepAsync(); left = isOver ? Math.Min(left, StepsAfter) - 1 : left - 1)
            if (Interlocked.Increment(ref answers) >= target)
                enough.TrySetResult();
    }
}
