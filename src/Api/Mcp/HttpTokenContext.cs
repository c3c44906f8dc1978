using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Application.Tools;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// The caller of the message that is being handled, as the message itself names it. Sessions and HTTP handlers outlive requests, so
/// neither a scoped context nor the present request would be right.
/// </summary>
internal sealed class HttpTokenContext : ITokenContext
{
    private static readonly AsyncLocal<Caller?> Current = new();

    public Caller? Caller => Current.Value;

    /// <summary>Over HTTP every message has a caller: one without is refused, and a call lasts no longer than its request may.</summary>
    public static McpMessageHandler HandleForCaller(McpMessageHandler next) =>
        async (message, ct) =>
        {
            if (CallerIdentity.Of(message.User) is not { Request: { } request } identity)
                throw new McpProtocolException("Nobody sent this.", McpErrorCode.InvalidRequest);
            Current.Value = identity.Caller;
            // A request does not wait for the notification or answer in it, so these are not bound to its end.
            if (message.JsonRpcMessage is JsonRpcRequest)
                await request.RunAsync(running => next(message, running), ct);
            else
                await next(message, ct);
        };
}
