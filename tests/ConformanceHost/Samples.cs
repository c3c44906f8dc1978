using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace OAuthMcp.ConformanceHost;

/// <summary>The smallest picture and sound there are, and questions to a client.</summary>
internal static class Samples
{
    public static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mMwTpsJAAICATNoejH4AAAAAElFTkSuQmCC"
    );
    public static readonly byte[] Wav = Convert.FromBase64String("UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQIAAACAgA==");

    /// <summary>A form for the user.</summary>
    /// <param name="properties">The members of the form, as JSON Schema.</param>
    public static ElicitRequestParams Form(string message, string properties, params string[] required) =>
        new()
        {
            Message = message,
            RequestedSchema = new ElicitRequestParams.RequestSchema
            {
                Properties = JsonSerializer.Deserialize<Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition>>(
                    properties,
                    McpJsonUtilities.DefaultOptions
                )!,
                Required = required.Length > 0 ? required : null,
            },
        };

    /// <summary>A question for the client's model.</summary>
    public static CreateMessageRequestParams Prompt(string text) =>
        new() { Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = text }] }], MaxTokens = 100 };
}
