using System.Net;

namespace OAuthMcp.Api.Doctor;

/// <summary>
/// Whether events come through the proxy as they are sent, and whether it bears the longest silence of a stream. The server has a stream
/// for it that needs no token: one event at once, another after that silence.
/// </summary>
internal static class StreamChecks
{
    public const string First = "stream";

    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(25);

    public static IReadOnlyList<Check> All { get; } = [new(First, BeginAsync), new("silence", EndAsync) { Patience = LongestSilence }];

    private static async Task<Finding> BeginAsync(Visit visit, CancellationToken ct)
    {
        var buffered = Finding.Fault(
            "Events arrive when the stream has ended: something gathers them.",
            "Switch buffering and compression of /mcp off (nginx: proxy_buffering off; gzip off)."
        );
        try
        {
            var answer = await visit.BeginAsync(visit.Request(HttpMethod.Get, "/health/stream", ("Accept", "text/event-stream")), ct);
            if (answer.StatusCode != HttpStatusCode.OK)
                return Finding.Skip($"There is no stream to look at: {Answers.Status(answer)}.");
            visit.Stream = new StreamReader(await answer.Content.ReadAsStreamAsync(ct));
            var buffer = new char[1024];
            var read = new string(buffer, 0, await visit.Stream.ReadAsync(buffer, ct));
            if (!read.Contains("event: end", StringComparison.Ordinal))
                return Finding.Ok("An event arrives as it is sent.");
            visit.Stream.Dispose();
            visit.Stream = null;
            return buffered;
        }
        catch (OperationCanceledException)
        {
            return buffered; // it did not end in time either
        }
        catch (IOException failure)
        {
            return Finding.Fault(
                $"The stream broke at its first event: {failure.Message}",
                "Look at the log of the proxy for this minute."
            );
        }
    }

    private static async Task<Finding> EndAsync(Visit visit, CancellationToken ct)
    {
        if (visit.Stream is null)
            return Finding.Skip("There is no stream that is silent.");
        var cut = Finding.Fault(
            "The stream was cut while it was silent, for 15 s at most.",
            "Let the proxy wait longer for a stream (nginx: proxy_read_timeout 1h)."
        );
        try
        {
            while (await visit.Stream.ReadLineAsync(ct) is { } line)
                if (line == "event: end")
                    return Finding.Ok("It bears the longest silence of a stream, 15 s.");
            return cut;
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            return cut;
        }
    }
}
