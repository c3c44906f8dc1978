using System.Collections.Concurrent;
using System.Text;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Telemetry;

/// <summary>A collector as far as a test needs one, which takes what is sent. Texts stand in protobuf as they are.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    public static readonly string[] Paths = ["/v1/traces", "/v1/metrics", "/v1/logs"];

    private readonly ConcurrentDictionary<string, string> received = new();
    private StandIn standIn = null!;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Uri Address => standIn.Address;

    /// <summary>What a server is told by its environment, or by its configuration.</summary>
    public (string, string)[] Variables =>
        [("OTEL_EXPORTER_OTLP_ENDPOINT", Address.GetLeftPart(UriPartial.Authority)), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        receiver.standIn = await StandIn.StartAsync(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var text = Encoding.Latin1.GetString(body.ToArray());
            receiver.received.AddOrUpdate(http.Request.Path, text, (_, before) => before + text);
            Interlocked
                .Exchange(ref receiver.changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
                .SetResult();
            http.Response.ContentType = "application/x-protobuf";
        });
        return receiver;
    }

    public string TextOf(string path) => received.GetValueOrDefault(path, "");

    /// <summary>Waits until that was sent there.</summary>
    public async Task GetsAsync(string path, string text)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(ServerProcess.Soon);
        while (true)
        {
            var next = Volatile.Read(ref changed).Task;
            if (TextOf(path).Contains(text, StringComparison.Ordinal))
                return;
            try
            {
                await next.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                Assert.Fail($"No '{text}' at {path}, but: {string.Join(", ", received.Select(pair => $"{pair.Key} {pair.Value.Length}"))}");
            }
        }
    }

    public ValueTask DisposeAsync() => standIn.DisposeAsync();
}
