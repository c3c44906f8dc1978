using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Application.Telemetry;

namespace OAuthMcp.Api.Mcp;

/// <summary>Counts the calls of tools by how they ended. A tool that there is not has no name of its own there.</summary>
internal static class CountedCalls
{
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Count(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next
    ) =>
        async (call, ct) =>
        {
            var tool = (call.MatchedPrimitive as McpServerTool)?.ProtocolTool.Name ?? Instruments.Other;
            var outcome = "failed";
            try
            {
                var result = await next(call, ct);
                outcome = result.IsError == true ? "error" : "served";
                return result;
            }
            finally
            {
                Instruments.Called(tool, outcome);
            }
        };
}
