using Microsoft.AspNetCore.Mvc.RazorPages;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Mcp;
using OAuthMcp.Application;

namespace OAuthMcp.Api.Pages;

/// <summary>What this is and how to connect.</summary>
public sealed class IndexModel(OAuthSettings settings, IEnumerable<McpServerTool> tools) : PageModel
{
    public string Address => settings.Resource.Canonical;

    public IEnumerable<(string Client, string Where, string Text)> Snippets =>
    [
        ("Claude Code", "In a terminal; then /mcp in Claude Code signs you in.", $"claude mcp add --transport http oauthmcp {Address}"),
        ("VS Code", "In .vscode/mcp.json.", $$"""
            {
              "servers": {
                "oauthmcp": { "type": "http", "url": "{{Address}}" }
              }
            }
            """),
        ("Cursor", "In .cursor/mcp.json.", $$"""
            {
              "mcpServers": {
                "oauthmcp": { "url": "{{Address}}" }
              }
            }
            """),
        ("MCP Inspector", "In a terminal; choose Streamable HTTP and paste the address.", "npx @modelcontextprotocol/inspector"),
    ];

    public IEnumerable<(string Name, string Scope, string Description)> Tools => tools
        .OrderBy(tool => tool.ProtocolTool.Name, StringComparer.Ordinal)
        .Select(tool => (tool.ProtocolTool.Name, ToolScopes.Of(tool).ToString(), tool.ProtocolTool.Description ?? ""));
}
