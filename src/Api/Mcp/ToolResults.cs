using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using OAuthMcp.Application.Tools;

namespace OAuthMcp.Api.Mcp;

internal static class ToolResults
{
    private static readonly JsonSerializerOptions Readable = new(McpJsonUtilities.DefaultOptions) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Null members stay: the output schema names them all as required, and clients validate against it.
    private static readonly JsonSerializerOptions Complete = new(McpJsonUtilities.DefaultOptions) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    /// <summary>The value as structured content and as readable text, or the failure as a tool error.</summary>
    public static CallToolResult ToToolResult<T>(this ToolOutcome<T> outcome) where T : class => outcome.Value is { } value
        ? new CallToolResult { Content = [new TextContentBlock { Text = JsonSerializer.Serialize(value, Readable) }], StructuredContent = JsonSerializer.SerializeToElement(value, Complete) }
        : new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = outcome.Failure! }] };
}
