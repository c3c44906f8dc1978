using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Mcp;
using Template._1.Application;

namespace Template._1.Api;

[McpServerToolType]
internal sealed class SendMessageTool(SendMessage send)
{
    [McpServerTool(Name = "send_message", Title = "Send a message", Destructive = false)]
    [Description("Sends a message in your name, and says what arrived.")]
    [RequiresScope("messages.write", "Send messages in your name")]
    public async Task<CallToolResult> CallAsync([Description("280 characters at most.")] string text, CancellationToken ct)
    {
        var sent = await send.RunAsync(text, ct);
        return new CallToolResult
        {
            IsError = sent.Failure is not null,
            Content = [new TextContentBlock { Text = sent.Failure ?? sent.Arrived ?? "" }],
        };
    }
}
