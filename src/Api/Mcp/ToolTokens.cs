using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Application.Tools;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Says why a tool has no token for the API that it calls, and where the user can mend that. The SDK would only say that an error
/// occurred.
/// </summary>
internal static class ToolTokens
{
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> ExplainMissing(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next
    ) =>
        async (call, ct) =>
        {
            try
            {
                return await next(call, ct);
            }
            catch (NoTokenException failure)
            {
                return new ToolOutcome<object>(null, failure.Answer.Failure, failure.Answer.LinkUrl).ToToolResult(call);
            }
        };
}
