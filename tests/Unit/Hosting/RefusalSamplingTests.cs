using Microsoft.Extensions.Time.Testing;
using OAuthMcp.Api.Hosting;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace OAuthMcp.Unit.Hosting;

public sealed class RefusalSamplingTests
{
    private const int Storm = 1_000;
    private readonly FakeTimeProvider time = new();
    private readonly Collected kept = new();

    [Fact]
    public void M13_keeps_the_first_of_each_second_and_counts_the_others()
    {
        using var sampling = new RefusalSampling(kept, time);
        for (var i = 0; i < Storm; i++)
            sampling.Emit(Refusal("192.0.2.1", 401));
        Assert.Equal(RefusalSampling.MostASecond, kept.Lines.Count);

        time.Advance(TimeSpan.FromSeconds(1));
        sampling.Emit(Refusal("192.0.2.1", 401));
        Assert.Equal(
            [$"{Storm - RefusalSampling.MostASecond} more lines like this of 192.0.2.1 were left out: refused 401", "refused"],
            kept.Lines.Skip(RefusalSampling.MostASecond)
        );
    }

    [Fact]
    public void M13_takes_nothing_from_other_peers_and_from_what_was_served()
    {
        using var sampling = new RefusalSampling(kept, time);
        for (var i = 0; i < Storm; i++)
            sampling.Emit(Refusal("192.0.2.1", 401));
        kept.Lines.Clear();

        sampling.Emit(Refusal("192.0.2.2", 401));
        sampling.Emit(Refusal("192.0.2.1", 403));
        for (var i = 0; i < Storm; i++)
            sampling.Emit(Refusal("192.0.2.1", 200));
        for (var i = 0; i < Storm; i++)
            sampling.Emit(Refusal("192.0.2.1", 500));
        Assert.Equal(2 + (2 * Storm), kept.Lines.Count);
    }

    [Fact]
    public void M13_remembers_no_more_peers_than_it_has_place_for()
    {
        using var sampling = new RefusalSampling(kept, time);
        for (var peer = 0; peer < 20_000; peer++)
            sampling.Emit(Refusal($"peer {peer}", 401));
        Assert.Equal(10_000 + RefusalSampling.MostASecond, kept.Lines.Count);
    }

    [Fact]
    public void M13_says_at_the_end_what_it_left_out()
    {
        using (var sampling = new RefusalSampling(kept, time))
            for (var i = 0; i < Storm; i++)
                sampling.Emit(Refusal("192.0.2.1", 401));
        Assert.EndsWith("were left out: refused 401", kept.Lines[^1], StringComparison.Ordinal);
    }

    private static LogEvent Refusal(string peer, int status) =>
        new(
            DateTimeOffset.UnixEpoch,
            LogEventLevel.Information,
            null,
            new MessageTemplateParser().Parse("refused"),
            [new LogEventProperty("Peer", new ScalarValue(peer)), new LogEventProperty("StatusCode", new ScalarValue(status))]
        );

    private sealed class Collected : ILogEventSink
    {
        public List<string> Lines { get; } = [];

        public void Emit(LogEvent logEvent) => Lines.Add(logEvent.RenderMessage(null));
    }
}
