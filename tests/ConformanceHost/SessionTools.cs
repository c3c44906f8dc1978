using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace OAuthMcp.ConformanceHost;

/// <summary>Tools that speak to the client while they run, over a session (revisions before 2026-07-28).</summary>
[McpServerToolType]
internal sealed class SessionTools
{
    [McpServerTool(Name = "test_tool_with_logging"), Description("Writes three log messages to the client.")]
    public static async Task<string> LogAsync(McpServer server, CancellationToken ct)
    {
        foreach (var line in new[] { "Tool execution started", "Tool processing data", "Tool execution completed" })
            await server.SendNotificationAsync(
                "notifications/message",
                new
                {
                    level = "info",
                    logger = "conformance",
                    data = line,
                },
                cancellationToken: ct
            );
        return "Logged.";
    }

    [McpServerTool(Name = "test_sampling"), Description("Asks the client's model.")]
    public static async Task<string> SampleAsync(McpServer server, [Description("The question.")] string prompt, CancellationToken ct)
    {
        var answer = await server.SampleAsync(Samples.Prompt(prompt), ct);
        return $"LLM response: {answer.Content.OfType<TextContentBlock>().First().Text}";
    }

    [McpServerTool(Name = "test_elicitation"), Description("Asks the user.")]
    public static Task<string> ElicitAsync(McpServer server, [Description("The question.")] string message, CancellationToken ct) =>
        AskAsync(
            server,
            Samples.Form(message, """{ "response": { "type": "string", "description": "User's response" } }""", "response"),
            ct
        );

    [McpServerTool(Name = "test_elicitation_sep1034_defaults"), Description("Asks the user with a default for each type.")]
    public static Task<string> ElicitDefaultsAsync(McpServer server, CancellationToken ct) =>
        AskAsync(
            server,
            Samples.Form(
                "Please check what is filled in.",
                """
                {
                  "name": { "type": "string", "default": "John Doe" },
                  "age": { "type": "integer", "default": 30 },
                  "score": { "type": "number", "default": 95.5 },
                  "status": { "type": "string", "enum": [ "active", "inactive", "pending" ], "default": "active" },
                  "verified": { "type": "boolean", "default": true }
                }
                """
            ),
            ct
        );

    [McpServerTool(Name = "test_elicitation_sep1330_enums"), Description("Asks the user to choose, in each form a choice can have.")]
    public static Task<string> ElicitChoicesAsync(McpServer server, CancellationToken ct) =>
        AskAsync(
            server,
            Samples.Form(
                "Please choose.",
                """
                {
                  "untitledSingle": { "type": "string", "enum": [ "option1", "option2", "option3" ] },
                  "titledSingle": { "type": "string", "oneOf": [ { "const": "value1", "title": "First Option" }, { "const": "value2", "title": "Second Option" }, { "const": "value3", "title": "Third Option" } ] },
                  "legacyEnum": { "type": "string", "enum": [ "opt1", "opt2", "opt3" ], "enumNames": [ "Option One", "Option Two", "Option Three" ] },
                  "untitledMulti": { "type": "array", "items": { "type": "string", "enum": [ "option1", "option2", "option3" ] } },
                  "titledMulti": { "type": "array", "items": { "anyOf": [ { "const": "value1", "title": "First Choice" }, { "const": "value2", "title": "Second Choice" }, { "const": "value3", "title": "Third Choice" } ] } }
                }
                """
            ),
            ct
        );

    private static async Task<string> AskAsync(McpServer server, ElicitRequestParams form, CancellationToken ct)
    {
        var answer = await server.ElicitAsync(form, ct);
        return $"Elicitation completed: action={answer.Action}, content={System.Text.Json.JsonSerializer.Serialize(answer.Content)}";
    }
}
