using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Makes schemas of tools without unions with null, which some clients refuse. A member that may be missing is optional instead.
/// </summary>
internal static class PortableSchemas
{
    // The SDK makes options for each request, of the same tools.
    private static readonly ConditionalWeakTable<Tool, object> Done = [];

    public static void Apply(McpServerOptions options)
    {
        foreach (var tool in options.ToolCollection ?? [])
            if (!Done.TryGetValue(tool.ProtocolTool, out _))
                Apply(tool.ProtocolTool);
    }

    private static void Apply(Tool tool)
    {
        tool.InputSchema = Portable(tool.InputSchema);
        if (tool.OutputSchema is { } output)
            tool.OutputSchema = Portable(output);
        Done.TryAdd(tool, tool);
    }

    public static JsonElement Portable(JsonElement schema)
    {
        var node = JsonSerializer.SerializeToNode(schema);
        Simplify(node);
        return JsonSerializer.SerializeToElement(node);
    }

    private static void Simplify(JsonNode? schema)
    {
        if (schema is JsonArray list)
            foreach (var item in list)
                Simplify(item);
        if (schema is not JsonObject members)
            return;
        if (members["properties"] is JsonObject properties)
            foreach (var (name, property) in properties)
                if (IsNullable(property) && members["required"] is JsonArray required)
                    required.RemoveAll(member => (string?)member == name);
        if (members["required"] is JsonArray { Count: 0 })
            members.Remove("required");
        if (IsNullable(members))
            RemoveNull(members);
        foreach (var (_, member) in members)
            Simplify(member);
    }

    private static bool IsNullable(JsonNode? schema) =>
        schema is JsonObject members && members["type"] is JsonArray types && types.Any(type => IsText(type, "null"));

    private static void RemoveNull(JsonObject schema)
    {
        var types = ((JsonArray)schema["type"]!).Where(type => !IsText(type, "null")).Select(type => type!.DeepClone()).ToArray();
        schema["type"] = types.Length == 1 ? types[0] : new JsonArray(types);
        if (schema.TryGetPropertyValue("default", out var value) && value is null)
            schema.Remove("default");
    }

    private static bool IsText(JsonNode? node, string text) =>
        node is JsonValue value && value.TryGetValue<string>(out var it) && it == text;
}
