using System.Text;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Requests of a session, and its stream for what the server says unasked. The SDK gives out that stream once a session, so a client
/// whose proxy cut it would never hear anything again. Here the newest request has it.
/// </summary>
internal sealed class SessionRequests(RequestDelegate next, McpSessions sessions)
{
    public async Task InvokeAsync(HttpContext http)
    {
        string? id = http.Request.Headers["Mcp-Session-Id"];
        if (HttpMethods.IsDelete(http.Request.Method))
            await ForgetAsync(http, id);
        if (sessions.Find(id) is not { } session)
        {
            await next(http); // the SDK says what is wrong, or goes on with a session of another node
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

    /// <summary>
    /// Keeps a call from beginning whose cancellation came first, on another connection. The SDK ignores such a cancellation.
    /// </summary>
    public static McpMessageHandler RefuseCancelled(McpMessageHandler next) =>
        async (message, ct) =>
        {
            var session = SessionOf(message);
            if (message.JsonRpcMessage is not JsonRpcRequest request)
            {
                if (CancelledBy(message.JsonRpcMessage) is { } cancelled)
                    session?.Cancel(cancelled);
                await next(message, ct);
                return;
            }

            if (session?.TryBegin(request.Id) == false)
                throw new McpProtocolException("The request was cancelled before it began.", McpErrorCode.InvalidRequest);
            try
            {
                await next(message, ct);
            }
            finally
            {
                session?.End(request.Id);
            }
        };

    /// <summary>What is sent in no answer goes to the session's stream.</summary>
    public static McpMessageHandler SendOnStream(McpMessageHandler next) =>
        async (message, ct) =>
        {
            if (
                message.JsonRpcMessage.Context?.RelatedTransport is not null
                || SessionOf(message) is not { } session
                || !await session.SendAsync(message.JsonRpcMessage, ct)
            )
                await next(message, ct);
        };

    // Before it ends here, so that no other node goes on with it.
    private static async Task ForgetAsync(HttpContext http, string? id)
    {
        if (
            id is { Length: > 0 }
            && CallerIdentity.Of(http.User) is { } caller
            && http.RequestServices.GetService<IProtocolSessions>() is { } kept
        )
            await kept.ForgetAsync(id, caller.Caller.Subject, http.RequestAborted);
    }

    private static McpSession? SessionOf(MessageContext message) =>
        message.Services?.GetService<McpSessions>()?.Find(message.Server.SessionId);

    private static RequestId? CancelledBy(JsonRpcMessage message) =>
        message is not JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: JsonObject parameters } ? null
        : parameters["requestId"] is not JsonValue id ? null
        : id.TryGetValue<string>(out var text) ? new RequestId(text)
        : id.TryGetValue<long>(out var number) ? new RequestId(number)
        : null;

    private async Task ListenAsync(HttpContext http, McpSession session, OpenRequest request)
    {
        var headers = http.Response.Headers;
        (headers.ContentType, headers["Mcp-Session-Id"]) = ("text/event-stream", session.Id);
        sessions.Listen(session, request);
        try
        {
            await request.Body.SendAsync(Opening(http), http.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted);
        }
        finally
        {
            session.StopListening(request);
        }
    }

    // An event with an id and no data, after which a client opens its stream again however often that ended (MCP 2025-11-25, "Sending
    // Messages to the Server"). Clients of earlier revisions would take the empty data for a message.
    private static ReadOnlyMemory<byte> Opening(HttpContext http) =>
        http.Request.Headers["MCP-Protocol-Version"] == Negotiation.NewestWithHandshake
            ? Encoding.ASCII.GetBytes($"id: {Identifier.New("evt")}\ndata:\n\n")
            : ReadOnlyMemory<byte>.Empty;

    private static bool IsStream(HttpContext http, McpSession session) =>
        CallerIdentity.Of(http.User)?.Caller.Subject == session.Subject
        && string.CompareOrdinal(http.Request.Headers["MCP-Protocol-Version"], ScopeGate.FirstRevisionWithHeaders) < 0
        && (
            http.Request.Headers.Accept.Count == 0
            || http.Request.GetTypedHeaders().Accept.Any(accepted => accepted.MatchesMediaType("text/event-stream"))
        );
}
