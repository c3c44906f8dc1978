using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using OAuthMcp.Client.OAuth;
using Schema = ModelContextProtocol.Protocol.ElicitRequestParams.PrimitiveSchemaDefinition;

namespace OAuthMcp.Client.Terminal;

/// <summary>
/// Puts a server's questions to the person (MCP elicitation): a page to look at, or a form, with a line for each field. The end of
/// input says no.
/// </summary>
internal sealed class Questions(ClientOptions options, Func<Uri, bool> openBrowser, Narrator narrator)
{
    public async ValueTask<ElicitResult> AskAsync(ElicitRequestParams? request, CancellationToken ct) =>
        request switch
        {
            { Mode: "url" } => new ElicitResult { Action = await ShowAsync(request, ct) },
            { RequestedSchema: { } form } => await FillAsync(request.Message, form, ct),
            _ => new ElicitResult { Action = "decline" },
        };

    /// <summary>
    /// Nothing is opened before the person has seen where it leads and said yes, and this program never looks at it (MCP elicitation,
    /// Safe URL Handling).
    /// </summary>
    private async Task<string> ShowAsync(ElicitRequestParams request, CancellationToken ct)
    {
        narrator.Warn($"{options.Server} asks you to open a page: {request.Message}");
        if (!Uri.TryCreate(request.Url, UriKind.Absolute, out var url) || !RemoteUrl.IsSafePage(url, options.Server))
        {
            narrator.Warn($"Its URL is not safe to open: {request.Url}");
            return "decline";
        }

        Narrator.Show(url);
        var whose = url.Host == options.Server.Host ? "as the server is" : "which is another host than the server's";
        narrator.Step($"It is at {url.IdnHost}, {whose}.");
        if (url.IdnHost.Contains("xn--", StringComparison.Ordinal))
            narrator.Warn("Its name has letters that may look like others.");
        if (await narrator.AskAsync("Open it? Type yes or no:", ct) is not { } answer)
            return "cancel";
        if (answer.Trim().ToLowerInvariant() is not ("y" or "yes"))
            return "decline";
        if (!options.OpensBrowser || options.Paste || !openBrowser(url))
            narrator.Step("Open it in a browser.");
        await narrator.AskAsync("Press Enter when you are done there:", ct); // the server goes on with the answer
        return "accept";
    }

    private async Task<ElicitResult> FillAsync(string message, ElicitRequestParams.RequestSchema form, CancellationToken ct)
    {
        narrator.Warn($"{options.Server} asks: {message}");
        var answers = new Dictionary<string, JsonElement>();
        foreach (var (name, field) in form.Properties)
        {
            var (isAnswered, answer) = await AskAsync(name, field, form.Required?.Contains(name) == true, ct);
            if (!isAnswered)
                return new ElicitResult { Action = "cancel" };
            if (answer is { } given)
                answers[name] = given;
        }

        return new ElicitResult { Action = "accept", Content = answers };
    }

    /// <returns>Not answered at the end of input. Without an answer where the default holds, which an empty line takes.</returns>
    private async Task<(bool IsAnswered, JsonElement? Answer)> AskAsync(string name, Schema field, bool isRequired, CancellationToken ct)
    {
        var description = JsonSerializer.SerializeToNode(field)!.AsObject();
        var standard = description["default"];
        var question =
            (field.Title ?? name)
            + (field.Description is { } text ? $" ({text})" : "")
            + (Choices(description) is { Count: > 0 } choices ? $", one of {string.Join(", ", choices)}" : "")
            + (standard is null ? "" : $" [{standard}]")
            + ":";
        while (true)
        {
            var line = await narrator.AskAsync(question, ct);
            if (line is null)
                return (false, null);
            if (line.Length == 0 && (standard is not null || !isRequired))
                return (true, null);
            if (line.Length > 0 && Value(field.Type, line) is { } value)
                return (true, value);
        }
    }

    private static List<string> Choices(JsonObject description) =>
        [
            .. (description["enum"] ?? description["oneOf"])
                ?.AsArray()
                .Select(choice => (choice is JsonObject titled ? titled["const"] : choice)!.ToString())
                ?? [],
        ];

    private static JsonElement? Value(string type, string line)
    {
        if (type == "string")
            return JsonSerializer.SerializeToElement(line);
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
