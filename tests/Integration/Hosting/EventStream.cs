using System.Net;

namespace OAuthMcp.Integration.Hosting;

/// <summary>An answer of /mcp that is read while it is open.</summary>
internal sealed class EventStream(HttpClient http, HttpResponseMessage response, StreamReader reader) : IDisposable
{
    /// <summary>Sends a message, or opens the stream of the session where there is none.</summary>
    public static async Task<EventStream> OpenAsync(
        IReachable server,
        string token,
        string? session,
        string? message = null,
        params (string Name, string Value)[] headers
    )
    {
        var request = McpRequests.Request(token, message, headers);
        if (session is not null)
            request.Headers.Add("Mcp-Session-Id", session);
        if (message is null)
            (request.Method, request.Content) = (HttpMethod.Get, null);
        var http = server.Http();
        http.Timeout = Timeout.InfiniteTimeSpan;
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken)
            .WaitAsync(ServerProcess.Soon, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventStream(
            http,
            response,
            new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken))
        );
    }

    public string? Session => response.Headers.TryGetValues("Mcp-Session-Id", out var ids) ? ids.Single() : null;

    /// <summary>The next line, which has to come soon; null at a clean end.</summary>
    public async Task<string?> NextLineAsync() =>
        await reader
            .ReadLineAsync(TestContext.Current.CancellationToken)
            .AsTask()
            .WaitAsync(ServerProcess.Soon, TestContext.Current.CancellationToken);

    /// <summary>All that is left, up to a clean end, which has to come soon: a reset fails.</summary>
    public Task<string> RestAsync() =>
        reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(ServerProcess.Soon, TestContext.Current.CancellationToken);

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
        http.Dispose();
    }
}
