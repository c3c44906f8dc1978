using OAuthMcp.Api.Hosting;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace OAuthMcp.Unit.Hosting;

public sealed class BoundedSinkTests
{
    private const int TooMany = 500;

    [Fact]
    public async Task F_50_M13_drops_what_finds_no_place_and_says_how_much()
    {
        using var blocked = new Blocked();
        var sink = new BoundedSink(blocked);
        await InTimeAsync(() => sink.Emit(Line()));
        blocked.Reached.Wait(TestContext.Current.CancellationToken); // the first line is stuck, so that all others wait
        await InTimeAsync(() =>
        {
            for (var i = 0; i < BoundedSink.Capacity + TooMany; i++)
                sink.Emit(Line());
        });

        blocked.Open.Set();
        sink.Dispose();
        Assert.Equal($"{TooMany} log lines were dropped: they came faster than they could be written", blocked.Lines[1]);
        Assert.Equal(1 + BoundedSink.Capacity + 1, blocked.Lines.Count);
    }

    [Fact]
    public async Task F_50_M13_ends_although_its_output_is_stuck()
    {
        using var blocked = new Blocked();
        var sink = new BoundedSink(blocked);
        await InTimeAsync(() => sink.Emit(Line()));
        blocked.Reached.Wait(TestContext.Current.CancellationToken);
        await InTimeAsync(sink.Dispose);
        sink.Emit(Line()); // too late for this one, and nobody is thrown at
        Assert.Empty(blocked.Lines);
        blocked.Open.Set();
    }

    // A sink that waits for its output would wait for ever.
    private static Task InTimeAsync(Action act) =>
        Task.Run(act, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    private static LogEvent Line() =>
        new(DateTimeOffset.UnixEpoch, LogEventLevel.Information, null, new MessageTemplateParser().Parse("line"), []);

    private sealed class Blocked : ILogEventSink, IDisposable
    {
        public ManualResetEventSlim Reached { get; } = new();
        public ManualResetEventSlim Open { get; } = new();
        public List<string> Lines { get; } = [];

        public void Emit(LogEvent logEvent)
        {
            Reached.Set();
            Open.Wait(CancellationToken.None);
            Lines.Add(logEvent.RenderMessage(null));
        }

        public void Dispose()
        {
            Open.Set();
        }
    }
}
