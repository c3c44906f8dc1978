using OAuthMcp.Api.Mcp;

namespace OAuthMcp.Api.Hosting;

/// <summary>
/// A stream that needs no token and says nothing: one event at once, and another after the longest silence that streams of /mcp have.
/// Whoever looks at it through a proxy sees whether that proxy gathers events, or cuts what is silent.
/// </summary>
internal static class ProbeStream
{
    public static async Task SendAsync(HttpContext http, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        http.Response.ContentType = "text/event-stream";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await WriteAsync(http.Response, "begin", end.Token);
            await Task.Delay(RequestWatch.Interval, time, end.Token);
            await WriteAsync(http.Response, "end", end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Whoever looked has hung up, or the server ends.
        }
    }

    private static async Task WriteAsync(HttpResponse response, string name, CancellationToken ct)
    {
        await response.WriteAsync($"event: {name}\ndata: {{}}\n\n", ct);
        await response.Body.FlushAsync(ct);
    }
}
