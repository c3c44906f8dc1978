using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OAuthMcp.Client.Terminal;

namespace OAuthMcp.Client;

/// <summary>What the person wants from the MCP server: to see its tools, or to call one.</summary>
internal static class Tools
{
    public static async Task<int> ListAsync(McpClient client, CancellationToken ct)
    {
        foreach (var tool in await client.ListToolsAsync(cancellationToken: ct))
            Console.WriteLine(Narrator.Printable($"{tool.Name}({string.Join(", ", Parameters(tool))})\n    {tool.Description}"));
        return 0;
    }

    /// <param name="arguments"><c>name=value</c> each; the tool's schema says what a value is.</param>
    public static async Task<int> CallAsync(McpClient client, string name, string[] arguments, CancellationToken ct)
    {
        var tools = await client.ListToolsAsync(cancellationToken: ct);
        if (tools.FirstOrDefault(candidate => candidate.Name == name) is not { } tool)
            throw new CommandLineException($"There is no tool {name}; there are {string.Join(", ", tools.Select(candidate => candidate.Name))}.");
        var result = await tool.CallAsync(arguments.Select(argument => Argument(tool, argument)).ToDictionary(), cancellationToken: ct);
        var output = result.IsError == true ? Console.Error : Console.Out;
        foreach (var text in result.Content.OfType<TextContentBlock>()) await output.WriteLineAsync(Narrator.Printable(text.Text));
        if (!result.Content.OfType<TextContentBlock>().Any() && result.StructuredContent is { } structured) await output.WriteLineAsync(Narrator.Printable(structured.ToString()));
        return result.IsError == true ? 1 : 0;
    }

    private static KeyValuePair<string, object?> Argument(McpClientTool tool, string argument)
    {
        if (argument.Split('=', 2) is not [var name, var value]) throw new CommandLineException($"--arg {argument} must be name=value.");
        if (!Parameters(tool).Contains(name)) throw new CommandLineException($"The tool {tool.Name} has no parameter {name}; it has {string.Join(", ", Parameters(tool))}.");
        return new KeyValuePair<string, object?>(name, TakesText(tool.JsonSchema.GetProperty("properties").GetProperty(name)) ? value : Json(name, value));
    }

    private static bool TakesText(JsonElement schema) => schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var type)
        && (type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Any(one => one.ValueEquals("string")) : type.ValueEquals("string"));

    private static JsonNode? Json(string name, string value)
    {
        try
        {
            return JsonNode.Parse(value);
        }
        catch (JsonException)
        {
            throw new CommandLineException($"--arg {name}: {value} is not JSON.");
        }
    }

    private static IEnumerable<string> Parameters(McpClientTool tool) =>
        tool.JsonSchema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(property => property.Name) : [];
}
