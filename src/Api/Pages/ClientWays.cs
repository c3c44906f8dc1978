using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OAuthMcp.Api.Pages;

/// <summary>How each client connects, as docs/clients.md has it, with the address of this server.</summary>
internal static class ClientWays
{
    private static readonly JsonSerializerOptions Pretty = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // the page encodes it
    };

    /// <param name="name">What the client shall call this server: letters, digits and dashes.</param>
    public static IReadOnlyList<ClientWay> Of(string name, string address)
    {
        var url = new JsonObject { ["url"] = address };
        return
        [
            new("Claude Code", Texts.Connect_ClaudeCode, $"claude mcp add --transport http {name} {address}"),
            new("Claude (claude.ai, Claude Desktop)", Texts.Connect_ClaudeAi, address) { IsElsewhere = true },
            new("ChatGPT", Texts.Connect_ChatGpt, address) { IsElsewhere = true },
            new("VS Code", Texts.Connect_VsCode, File(name, "servers", new() { ["type"] = "http", ["url"] = address }))
            {
                Link =
                    "vscode:mcp/install?"
                    + Uri.EscapeDataString(
                        new JsonObject
                        {
                            ["name"] = name,
                            ["type"] = "http",
                            ["url"] = address,
                        }.ToJsonString()
                    ),
            },
            new("Cursor", Texts.Connect_Cursor, File(name, "mcpServers", url))
            {
                Link =
                    $"cursor://anysphere.cursor-deeplink/mcp/install?name={name}&config="
                    + Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes(url.ToJsonString()))),
            },
            new("Codex", Texts.Connect_Terminal, $"codex mcp add {name} --url {address}\ncodex mcp login {name}"),
            new("Gemini CLI", Texts.Connect_Gemini.Fill(name), $"gemini mcp add --transport http {name} {address}"),
            new(
                "GitHub Copilot CLI",
                Texts.Connect_File.Fill("~/.copilot/mcp-config.json"),
                File(
                    name,
                    "mcpServers",
                    new()
                    {
                        ["type"] = "http",
                        ["url"] = address,
                        ["tools"] = new JsonArray("*"),
                    }
                )
            ),
            new(
                "opencode",
                Texts.Connect_FileThenRun.Fill("opencode.json", $"opencode mcp auth {name}"),
                File(name, "mcp", new() { ["type"] = "remote", ["url"] = address })
            ),
            new("LM Studio", Texts.Connect_File.Fill("mcp.json"), File(name, "mcpServers", url)),
            new("Kimi Code", Texts.Connect_Terminal, $"kimi mcp add --transport http --auth oauth {name} {address}\nkimi mcp auth {name}"),
            new("Copilot Studio, Perplexity, Grok", Texts.Connect_Connectors, address) { IsElsewhere = true },
            new("MCP Inspector", Texts.Connect_Inspector, "npx @modelcontextprotocol/inspector"),
            new(
                "MCP Inspector, " + Texts.Connect_CommandLine,
                Texts.Connect_Terminal,
                $"npx @modelcontextprotocol/inspector --cli --server-url {address} --method tools/list"
            ),
            new(
                "mcp-remote",
                Texts.Connect_McpRemote,
                File(name, "mcpServers", new() { ["command"] = "npx", ["args"] = new JsonArray("-y", "mcp-remote", address) })
            ),
        ];
    }

    private static string File(string name, string section, JsonObject server) =>
        new JsonObject { [section] = new JsonObject { [name] = server.DeepClone() } }.ToJsonString(Pretty);
}
