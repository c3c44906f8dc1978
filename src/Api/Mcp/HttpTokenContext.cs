using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Application.Tools;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// The caller of the message that is being handled, as the message itself names it. Sessions and HTTP handlers live in scopes of
/// their own and outlive requests, so neither a scoped context nor the request of the moment could tell.
/// </summary>
internal sealed class HttpTokenContext : ITokenContext
{
    private static readonly AsyncLocal<Caller?> Current = new();

    public Caller? Caller => Current.Value;

    /// <summary>
    /// Over HTTP everything is done for somebody: a message without a caller is refused, and a call lasts no longer than its
    /// request may.
    /// </summary>
    public static McpMessageHandler HandleForCaller(McpMessageHandler next) =>
        async (message, ct) =>
        {
            if (CallerIdentity.Of(message.User) is not { Request: { } request } identity)
                throw new McpProtocolException("Nobody sent this.", McpErrorCode.InvalidRequest);
            Current.Value = identity.Caller;
            // Notifications and answers are handled after their request, which waits for none of them.
            if (message.JsonRpcMessage is JsonRpcRequest)
                await request.RunAsync(running => next(message, running), ct);
            else
                await next(message, ct);
        };
}
