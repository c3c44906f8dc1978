using System.Globalization;

namespace OAuthMcp.Integration.Nodes;

/// <summary>
/// How often a race is run: a few times in a run of all tests, and more where <c>OAUTHMCP_NODE_ROUNDS</c> says how often in a thousand.
/// </summary>
internal static class Rounds
{
    private static readonly int? Asked = int.TryParse(
        Environment.GetEnvironmentVariable("OAUTHMCP_NODE_ROUNDS"),
        NumberStyles.None,
        CultureInfo.InvariantCulture,
        out var rounds
    )
        ? rounds
        : null;

    /// <param name="few">In a run of all tests.</param>
    /// <param name="all">Where a thousand rounds are asked for.</param>
    public static int Of(int few, int all) => Asked is { } rounds ? Math.Max(few, rounds * all / 1000) : few;

    /// <summary>Runs all of them, some at a time so that races of several rounds meet too.</summary>
    public static Task EachAsync<T>(IEnumerable<T> rounds, Func<T, Task> run) =>
        Parallel.ForEachAsync(
            rounds,
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken },
            async (round, _) => await run(round)
        );

    /// <summary>Begins all of them before it waits for any.</summary>
    public static async Task<IReadOnlyList<T>> RaceAsync<T>(int racers, Func<int, Task<T>> run)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runs = Enumerable.Range(0, racers).Select(BeginAsync).ToList();
        start.SetResult();
        return await Task.WhenAll(runs);

        async Task<T> BeginAsync(int racer)
        {
            await start.Task;
            return await run(racer);
        }
    }
}
