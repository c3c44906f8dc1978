using System.Text.Encodings.Web;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Application.Tools;

namespace OAuthMcp.Api.Mcp;

internal static class ToolResults
{
    private static readonly JsonSerializerOptions Readable = new(McpJsonUtilities.DefaultOptions)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// Makes a tool result as below. Where the user has to link an account first, a client that can is asked once to show the page
    /// instead (MCP 2026-07-28, "Multi Round-Trip Requests" and "URL Mode Elicitation"); the page links the account of whoever is
    /// signed in there.
    /// </summary>
    public static CallToolResult ToToolResult<T>(this ToolOutcome<T> outcome, RequestContext<CallToolRequestParams> call)
        where T : class =>
        outcome.LinkUrl is { } url && CanShowPage(call)
            ? throw new InputRequiredException(
                new Dictionary<string, InputRequest>
                {
                    ["link_account"] = InputRequest.ForElicitation(
                        new ElicitRequestParams
                        {
                            Mode = "url",
                            Url = url,
                            Message = outcome.Failure!,
                        }
                    ),
                }
            )
            : outcome.ToToolResult();

    private static bool CanShowPage(RequestContext<CallToolRequestParams> call) =>
        call.Params.InputResponses is null
        && string.CompareOrdinal(call.Server.NegotiatedProtocolVersion, ScopeGate.FirstRevisionWithHeaders) >= 0
        && call.Server.ClientCapabilities?.Elicitation?.Url is not null;

    /// <summary>The value as structured content and as readable text, or the failure as a tool error.</summary>
    public static CallToolResult ToToolResult<T>(this ToolOutcome<T> outcome)
        where T : class =>
        outcome.Value is { } value
            ? new CallToolResult
            {
                Content = [new TextContentBlock { Text = JsonSerializer.Serialize(value, Readable) }],
                StructuredContent = JsonSerializer.SerializeToElement(value, McpJsonUtilities.DefaultOptions),
            }
            : new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = outcome.Failure! }] };
}
