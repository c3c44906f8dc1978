using System.Diagnostics;
using System.Net.Sockets;

namespace OAuthMcp.Load;

/// <summary>What came of it: only good answers count for the rate, and every other one is an error.</summary>
/// <param name="LoadCpu">CPU time of this program for each good answer, in microseconds.</param>
internal sealed record Measured(double Rate, double P50, double P99, double Max, int Good, int Errors, double Seconds, double LoadCpu)
{
    /// <summary>Runs a loop on each connection until the time is over, or there is nothing left to do.</summary>
    public static async Task<Measured> RunAsync(
        IReadOnlyList<(Connection Connection, Func<ValueTask<Outcome>> Step)> loops,
        TimeSpan time,
        bool waits
    )
    {
        if (waits)
        {
            await Console.Out.WriteLineAsync("ready");
            Console.ReadLine();
        }

        var (cpu, began) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        var ends = began + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(loops.Select(loop => LoopAsync(loop.Connection, loop.Step, ends)));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        var ticks = all.SelectMany(loop => loop.Ticks).Order().ToArray();
        double At(double share) => ticks.Length == 0 ? 0 : ticks[(int)((ticks.Length - 1) * share)] * 1000.0 / Stopwatch.Frequency;
        return new(
            ticks.Length / seconds,
            At(0.5),
            At(0.99),
            At(1),
            ticks.Length,
            all.Sum(loop => loop.Errors),
            seconds,
            cpu.TotalMicroseconds / Math.Max(ticks.Length, 1)
        );
    }

    private static async Task<(List<long> Ticks, int Errors)> LoopAsync(Connection connection, Func<ValueTask<Outcome>> step, long ends)
    {
        var (ticks, errors) = (new List<long>(4096), 0);
        for (var now = Stopwatch.GetTimestamp(); now < ends; )
        {
            var began = now;
            Outcome outcome;
            try
            {
                outcome = await step();
            }
            catch (Exception cut) when (cut is IOException or SocketException)
            {
                Complaint.Say(cut.Message);
                connection.Dispose(); // and the next request opens it again
                outcome = Outcome.Bad;
            }

            now = Stopwatch.GetTimestamp();
            if (outcome == Outcome.Over)
                break;
            if (outcome == Outcome.Good)
                ticks.Add(now - began);
            else
                errors++;
        }

        return (ticks, errors);
    }
}
