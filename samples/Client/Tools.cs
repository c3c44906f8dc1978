using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
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

    /// <param name="arguments"><c>name=value</c> each. The tool's schema says what a value is; it is text where the server does not
    /// show the tool, as some do while the scope for it is missing.</param>
    public static async Task<int> CallAsync(McpClient client, string name, string[] arguments, CancellationToken ct)
    {
        var tools = await client.ListToolsAsync(cancellationToken: ct);
        var tool = tools.FirstOrDefault(candidate => candidate.Name == name);
        var values = new Dictionary<string, object?>();
        foreach (var (parameter, value) in arguments.Select(Split))
            if (!values.TryAdd(parameter, tool is null ? value : Value(tool, parameter, value)))
                throw new CommandLineException($"--arg {parameter} was given twice.");
        if (tool is not null && Required(tool).FirstOrDefault(parameter => !values.ContainsKey(parameter)) is { } missing)
            throw new CommandLineException($"The tool {name} needs --arg {missing}=….");
        var result = tool is null
            ? await CallUnseenAsync(client, name, values, tools, ct)
            : await tool.CallAsync(values, cancellationToken: ct);
        var output = result.IsError == true ? Console.Error : Console.Out;
        foreach (var text in result.Content.OfType<TextContentBlock>())
            await output.WriteLineAsync(Narrator.Printable(text.Text));
        if (!result.Content.OfType<TextContentBlock>().Any() && result.StructuredContent is { } structured)
            await output.WriteLineAsync(Narrator.Printable(structured.ToString()));
        return result.IsError == true ? 1 : 0;
    }

    private static async Task<CallToolResult> CallUnseenAsync(
        McpClient client,
        string name,
        Dictionary<string, object?> values,
        IList<McpClientTool> tools,
        CancellationToken ct
    )
    {
        try
        {
            return await client.CallToolAsync(name, values, cancellationToken: ct);
        }
        catch (McpProtocolException failure) when (failure.ErrorCode == McpErrorCode.InvalidParams)
        {
            throw new CommandLineException($"{failure.Message} The server shows {string.Join(", ", tools.Select(tool => tool.Name))}.");
        }
    }

    private static (string Name, string Value) Split(string argument) =>
        argument.Split('=', 2) is [var name, var value]
            ? (name, value)
            : throw new CommandLineException($"--arg {argument} must be name=value.");

    private static object? Value(McpClientTool tool, string name, string value)
    {
        if (!Parameters(tool).Contains(name))
        {
            var known = Parameters(tool).Any() ? $"; it has {string.Join(", ", Parameters(tool))}" : "";
            throw new CommandLineException($"The tool {tool.Name} has no parameter {name}{known}.");
        }
        return TakesText(tool.JsonSchema.GetProperty("properties").GetProperty(name)) ? value : Json(name, value);
    }

    private static bool TakesText(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object
        && schema.TryGetProperty("type", out var type)
        && (
            type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Any(one => one.ValueEquals("string")) : type.ValueEquals("string")
        );

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
        tool.JsonSchema.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().Select(property => property.Name)
            : [];

    private static IEnumerable<string> Required(McpClientTool tool) =>
        tool.JsonSchema.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(name => name.GetString()!) : [];
}
