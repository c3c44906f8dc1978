using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Schema = ModelContextProtocol.Protocol.ElicitRequestParams.PrimitiveSchemaDefinition;

namespace OAuthMcp.Client.Terminal;

/// <summary>Puts a server's questions to the person (MCP elicitation, in its form mode): a line for each field. An empty line takes the default, the end of input says no.</summary>
internal sealed class Questions(Narrator narrator)
{
    public ValueTask<ElicitResult> AskAsync(ElicitRequestParams? request, CancellationToken ct)
    {
        if (request?.RequestedSchema is not { } form) return ValueTask.FromResult(new ElicitResult { Action = "decline" });
        narrator.Warn($"The server asks: {request.Message}");
        var answers = new Dictionary<string, JsonElement>();
        foreach (var (name, field) in form.Properties)
        {
            ct.ThrowIfCancellationRequested();
            if (!TryAsk(name, field, form.Required?.Contains(name) == true, out var answer)) return ValueTask.FromResult(new ElicitResult { Action = "cancel" });
            if (answer is { } given) answers[name] = given;
        }

        return ValueTask.FromResult(new ElicitResult { Action = "accept", Content = answers });
    }

    /// <returns>False at the end of input. The answer is null where the default holds.</returns>
    private bool TryAsk(string name, Schema field, bool isRequired, out JsonElement? answer)
    {
        var description = JsonSerializer.SerializeToNode(field)!.AsObject();
        var standard = description["default"];
        answer = null;
        while (true)
        {
            narrator.Step($"{field.Title ?? name}{(field.Description is { } text ? $" ({text})" : "")}{(Choices(description) is { Count: > 0 } choices ? $", one of {string.Join(", ", choices)}" : "")}{(standard is null ? "" : $" [{standard}]")}:");
            if (Console.In.ReadLine() is not { } line) return false;
            if (line.Length == 0 && (standard is not null || !isRequired)) return true;
            if (line.Length > 0 && Value(field.Type, line) is { } value)
            {
                answer = value;
                return true;
            }
        }
    }

    private static List<string> Choices(JsonObject description) => [.. (description["enum"] ?? description["oneOf"])?.AsArray().Select(choice => (choice is JsonObject titled ? titled["const"] : choice)!.ToString()) ?? []];

    private static JsonElement? Value(string type, string line)
    {
        if (type == "string") return JsonSerializer.SerializeToElement(line);
        try
        {
            return JsonDocument.Parse(line).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
