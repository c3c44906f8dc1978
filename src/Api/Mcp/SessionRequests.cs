using ModelContextProtocol.Server;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Requests of a session, and its stream for what the server says unasked. The SDK gives out that stream once a session and refuses
/// it ever after, so a client whose proxy cut it would never hear anything again: here the newest request has it.
/// </summary>
internal sealed class SessionRequests(RequestDelegate next, McpSessions sessions)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (sessions.Find(http.Request.Headers["Mcp-Session-Id"]) is not { } session)
        {
            await next(http); // the SDK says what is wrong
            return;
        }

        sessions.Enter(session);
        try
        {
            if (HttpMethods.IsGet(http.Request.Method) && IsStream(http, session) && CallerIdentity.Of(http.User)?.Request is { } request)
                await ListenAsync(http, session, request);
            else
                await next(http);
        }
        finally
        {
            session.Leave();
        }
    }

    /// <summary>What is sent in no answer goes to the session's stream.</summary>
    public static McpMessageHandler SendOnStream(McpMessageHandler next) =>
        async (message, ct) =>
        {
            if (
                message.JsonRpcMessage.Context?.RelatedTransport is not null
                || message.Services?.GetService<McpSessions>()?.Find(message.Server.SessionId) is not { } session
                || !await session.SendAsync(message.JsonRpcMessage, ct)
            )
                await next(message, ct);
        };

    private async Task ListenAsync(HttpContext http, McpSession session, OpenRequest request)
    {
        var headers = http.Response.Headers;
        (headers.ContentType, headers["X-Accel-Buffering"], headers["Mcp-Session-Id"]) = ("text/event-stream", "no", session.Id);
        sessions.Listen(session, request);
        try
        {
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted);
        }
        finally
        {
            session.StopListening(request);
        }
    }

    private static bool IsStream(HttpContext http, McpSession session) =>
        CallerIdentity.Of(http.User)?.Caller.Subject == session.Subject
        && string.CompareOrdinal(http.Request.Headers["MCP-Protocol-Version"], ScopeGate.FirstRevisionWithHeaders) < 0
        && (
            http.Request.Headers.Accept.Count == 0
            || http.Request.GetTypedHeaders().Accept.Any(accepted => accepted.MatchesMediaType("text/event-stream"))
        );
}
