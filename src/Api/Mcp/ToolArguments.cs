using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Says which argument of a call is missing or has another type than in the schema of the tool, so that a model can correct its
/// call (MCP, "Tools", error handling). The SDK would only say that an error occurred.
/// </summary>
internal static class ToolArguments
{
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> CheckFit(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next
    ) =>
        (call, ct) =>
            call.MatchedPrimitive is McpServerTool tool && Unfit(tool.ProtocolTool.InputSchema, call.Params.Arguments) is { } why
                ? ValueTask.FromResult(new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = why }] })
                : next(call, ct);

    private static string? Unfit(JsonElement schema, IDictionary<string, JsonElement>? arguments)
    {
        List<string> required = schema.TryGetProperty("required", out var names)
            ? [.. names.EnumerateArray().Select(name => name.GetString()!)]
            : [];
        if (required.Find(name => arguments?.ContainsKey(name) != true) is { } missing)
            return $"{missing} is required.";
        if (arguments is null || !schema.TryGetProperty("properties", out var properties))
            return null;
        foreach (var property in properties.EnumerateObject())
            if (
                arguments.TryGetValue(property.Name, out var value)
                && (value.ValueKind != JsonValueKind.Null || required.Contains(property.Name)) // an optional null counts as missing
                && Types(property.Value) is { Count: > 0 } types
                && !types.Exists(type => Fits(type, value))
            )
                return $"{property.Name} must be of type {string.Join(" or ", types)}.";
        return null;
    }

    // JSON Schema, "type": one name or a list of them. Without it any type will do.
    private static List<string> Types(JsonElement schema) =>
        schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(name => name.GetString()!)]
        : [type.GetString()!];

    private static bool Fits(string type, JsonElement value) =>
        type switch
        {
            "string" => value.ValueKind == JsonValueKind.String,
            "number" or "integer" => value.ValueKind == JsonValueKind.Number,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "array" => value.ValueKind == JsonValueKind.Array,
            "object" => value.ValueKind == JsonValueKind.Object,
            "null" => value.ValueKind == JsonValueKind.Null,
            _ => true,
        };
}
