using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace OAuthMcp.Api.Mcp;

/// <summary>Wishes of a client that cannot be met get a counter-offer or a refusal. None is ignored.</summary>
internal static class Negotiation
{
    /// <summary>Newest first.</summary>
    public static readonly string[] Revisions = ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

    public const string NewestWithHandshake = "2025-11-25";

    /// <summary>
    /// Offers the newest revision with a handshake to a client that asks for a newer one (MCP 2025-11-25, "Version Negotiation").
    /// The SDK would answer with an error after it has opened a session.
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

    /// <summary>Advertises every revision in server/discover, where the SDK names the stateless one alone.</summary>
    public static McpMessageHandler AdvertiseEveryRevision(McpMessageHandler next) =>
        (context, ct) =>
        {
            if (context.JsonRpcMessage is JsonRpcResponse { Result: JsonObject result } && result.ContainsKey("supportedVersions"))
                result["supportedVersions"] = new JsonArray([.. Revisions.Select(revision => JsonValue.Create(revision))]);
            return next(context, ct);
        };

    /// <summary>
    /// Refuses a cursor, since lists come whole and no client was given one (MCP, "Pagination"). A program with a list handler of
    /// its own knows its own cursors.
    /// </summary>
    public static McpRequestFilter<TParams, TResult> CheckCursor<TParams, TResult>(Func<McpServerHandlers, object?> own)
        where TParams : PaginatedRequestParams =>
        next =>
            (list, ct) =>
                list.Params?.Cursor is not null
                && own(list.Services!.GetRequiredService<IOptions<McpServerOptions>>().Value.Handlers) is null
                    ? throw new McpProtocolException("There is no such cursor.", McpErrorCode.InvalidParams)
                    : next(list, ct);
}
