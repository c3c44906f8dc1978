using System.Diagnostics;

namespace OAuthMcp.Infrastructure.Operations;

/// <summary>
/// Leaves the database to others for most of the time, and is over after a while, so that whoever cleans up can look after other things.
/// It goes by the machine's own time, since what a batch costs others has nothing to do with what the clock says.
/// </summary>
/// <param name="turn">After how long it is over.</param>
internal sealed class Pace(TimeSpan turn)
{
    // For how many times as long as a batch took nothing is done.
    private const int Rest = 9;

    private readonly long began = Stopwatch.GetTimestamp();

    public bool IsOver => Stopwatch.GetElapsedTime(began) >= turn;

    /// <summary>Forgets a batch, and rests.</summary>
    /// <returns>How many rows it was.</returns>
    public static async Task<int> ForgetAsync(Func<Task<int>> forget, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        var gone = await forget();
        await Task.Delay(Rest * Stopwatch.GetElapsedTime(began), ct);
        return gone;
    }
}
