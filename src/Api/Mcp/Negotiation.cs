using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace OAuthMcp.Api.Mcp;

/// <summary>Wishes of a client that cannot be met are countered or refused, never half met and never dropped.</summary>
internal static class Negotiation
{
    /// <summary>Newest first.</summary>
    public static readonly string[] Revisions = ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

    private const string NewestWithHandshake = "2025-11-25";

    /// <summary>
    /// MCP 2025-11-25, "Version Negotiation": who asks for what is not served is offered the newest that is. To a revision that has no
    /// handshake any more the SDK answers with an error, when it has opened the session already.
    /// </summary>
    public static McpMessageHandler CounterNewer(McpMessageHandler next) =>
        (message, ct) =>
        {
            if (
                message.JsonRpcMessage is JsonRpcRequest { Method: RequestMethods.Initialize, Params: JsonObject parameters }
                && parameters["protocolVersion"] is JsonValue asked
                && asked.TryGetValue<string>(out var revision)
                && string.CompareOrdinal(revision, NewestWithHandshake) > 0
            )
                parameters["protocolVersion"] = NewestWithHandshake;
            return next(message, ct);
        };

    /// <summary>The SDK answers server/discover with the stateless revision alone, although this endpoint serves them all.</summary>
    public static McpMessageHandler AdvertiseEveryRevision(McpMessageHandler next) =>
        (context, ct) =>
        {
            if (context.JsonRpcMessage is JsonRpcResponse { Result: JsonObject result } && result.ContainsKey("supportedVersions"))
                result["supportedVersions"] = new JsonArray([.. Revisions.Select(revision => JsonValue.Create(revision))]);
            return next(context, ct);
        };

    /// <summary>MCP, "Pagination": lists come whole, so nobody was given a cursor. A program that lists by itself knows its own.</summary>
    public static McpRequestFilter<TParams, TResult> RefuseCursor<TParams, TResult>(Func<McpServerHandlers, object?> own)
        where TParams : PaginatedRequestParams =>
        next =>
            (list, ct) =>
                list.Params?.Cursor is not null
                && own(list.Services!.GetRequiredService<IOptions<McpServerOptions>>().Value.Handlers) is null
                    ? throw new McpProtocolException("There is no such cursor.", McpErrorCode.InvalidParams)
                    : next(list, ct);
}
