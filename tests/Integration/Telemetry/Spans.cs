using System.Collections.Concurrent;
using System.Diagnostics;

namespace OAuthMcp.Integration.Telemetry;

/// <summary>
/// The spans of one trace, which this test begins. Other tests of the process make spans too, and theirs are of other traces.
/// </summary>
internal sealed class Spans : IDisposable
{
    private const string Test = "OAuthMcp.Tests";
    private static readonly ActivitySource Source = new(Test);

    private readonly ConcurrentQueue<Activity> ended = new();
    private readonly ActivityListener listener;
    private readonly Activity root;

    public Spans()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source =>
                source.Name is Test or "OAuthMcp" or "Experimental.ModelContextProtocol" or "System.Net.Http" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        root = Source.StartActivity("test")!;
    }

    public ActivityTraceId TraceId => root.TraceId;

    /// <summary>The span of that id, and those that it is part of, up to the one that the test began.</summary>
    public IEnumerable<Activity> From(ActivitySpanId id)
    {
        while (ended.SingleOrDefault(span => span.TraceId == TraceId && span.SpanId == id) is { } found)
        {
            yield return found;
            id = found.ParentSpanId;
        }

        Assert.Equal(root.SpanId, id);
    }

    public Activity Single(string name) => Assert.Single(ended, span => span.TraceId == TraceId && span.DisplayName == name);

    public void Dispose()
    {
        root.Dispose();
        listener.Dispose();
    }
}
