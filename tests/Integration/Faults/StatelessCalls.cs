using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Faults;

/// <summary>A call of revision 2026-07-28, which opens no session and so has nothing to write.</summary>
internal static class StatelessCalls
{
    private const string Revision = "2026-07-28";

    public static HttpRequestMessage Request(string access, string tool, string arguments = "{}") =>
        McpRequests.Request(
            access,
            McpRequests.Message(
                "tools/call",
                $$$"""
                {"name":"{{{tool}}}","arguments":{{{arguments}}},"_meta":{"io.modelcontextprotocol/protocolVersion":"{{{Revision}}}",
                "io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{} } }
                """
            ),
            ("MCP-Protocol-Version", Revision),
            ("Mcp-Method", "tools/call"),
            ("Mcp-Name", tool)
        );

    /// <summary>Whether the tool answers.</summary>
    public static async Task<bool> AnswersAsync(this TestServer server, string access)
    {
        using var answer = await server.SendAsync(Request(access, "who_am_i"));
        return answer.StatusCode == HttpStatusCode.OK;
    }
}
