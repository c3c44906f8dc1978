using Microsoft.Extensions.Logging;
using Npgsql;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>
/// The time of the database server, which all nodes share: what one of them issues expires at the same moment at another whose clock
/// is wrong. A clock that is right to the second is used as it is.
/// </summary>
/// <param name="machine">This machine's own time.</param>
internal sealed class SharedTime(TimeProvider machine) : TimeProvider
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Alarm = TimeSpan.FromSeconds(30);
    private long offset;

    /// <summary>By how much the database's clock is ahead of this machine's; zero where they agree.</summary>
    private TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref offset));

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow() + Offset;

    /// <summary>For the operator, null where nothing is wrong.</summary>
    public string? Warning =>
        Offset.Duration() < Alarm
            ? null
            : $"The clock of this machine is {Offset.Duration().TotalSeconds:0} s {(Offset > TimeSpan.Zero ? "behind" : "ahead of")} "
                + "the database's, which is used instead.";

    /// <summary>Asks the database for its time.</summary>
    /// <param name="log">Not the instance's own, since the log asks for the time.</param>
    public async Task LearnAsync(NpgsqlConnection connection, ILogger log, CancellationToken ct)
    {
        var (asked, start) = (machine.GetUtcNow(), GetTimestamp());
        await using var command = new NpgsqlCommand("SELECT clock_timestamp()", connection);
        var told = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!);
        var took = GetElapsedTime(start);
        if (took > Tolerance)
            return; // it says nothing of the present
        var measured = told - (asked + (took / 2));
        var before = Warning;
        Interlocked.Exchange(ref offset, measured.Duration() <= Tolerance ? 0 : measured.Ticks);
        if (before is null && Warning is { } warning)
            log.LogWarning("{Warning:l}", warning);
    }
}
