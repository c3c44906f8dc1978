using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Http;
using OAuthMcp.Api.Mcp;
using OAuthMcp.Application.Settings;

namespace OAuthMcp.Api.Pages;

/// <summary>What this is and how to connect.</summary>
[NeedsNoDatabase]
internal sealed class IndexModel(OAuthSettings settings, IEnumerable<McpServerTool> tools) : PageModel
{
    private const string Name = "oauthmcp";

    public string Address => settings.Resource.Canonical;

    public IEnumerable<string> Scopes => settings.SupportedScopes;

    public IEnumerable<Way> Ways =>
        [
            new("Claude Code", Texts.Connect_ClaudeCode, $"claude mcp add --transport http {Name} {Address}"),
            new("claude.ai", Texts.Connect_ClaudeAi, Address),
            new(
                "VS Code",
                Texts.Connect_VsCode,
                Pretty("servers", new() { ["type"] = "http", ["url"] = Address }),
                "vscode:mcp/install?"
                    + Uri.EscapeDataString(
                        new JsonObject
                        {
                            ["name"] = Name,
                            ["type"] = "http",
                            ["url"] = Address,
                        }.ToJsonString()
                    )
            ),
            new(
                "Cursor",
                Texts.Connect_Cursor,
                Pretty("mcpServers", new() { ["url"] = Address }),
                $"cursor://anysphere.cursor-deeplink/mcp/install?name={Name}&config="
                    + Uri.EscapeDataString(
                        Convert.ToBase64String(Encoding.UTF8.GetBytes(new JsonObject { ["url"] = Address }.ToJsonString()))
                    )
            ),
            new("ChatGPT", Texts.Connect_ChatGpt, Address),
            new("MCP Inspector", Texts.Connect_Inspector, "npx @modelcontextprotocol/inspector"),
            new(
                "mcp-remote",
                Texts.Connect_McpRemote,
                Pretty("mcpServers", new() { ["command"] = "npx", ["args"] = new JsonArray("-y", "mcp-remote", Address) })
            ),
        ];

    public IEnumerable<(string Name, string Scope, string Description)> Tools =>
        tools
            .OrderBy(tool => tool.ProtocolTool.Name, StringComparer.Ordinal)
            .Select(tool => (tool.ProtocolTool.Name, ToolScopes.Of(tool).ToString(), tool.ProtocolTool.Description ?? ""));

    private static string Pretty(string section, JsonObject server) =>
        new JsonObject { [section] = new JsonObject { [Name] = server } }.ToJsonString(
            new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );

    /// <param name="Text">What to copy.</param>
    /// <param name="Link">An address that the client itself answers to, or null.</param>
    public sealed record Way(string Client, string How, string Text, string? Link = null);
}
