using System.Text.Json;
using System.Text.Json.Nodes;

namespace OAuthMcp.Api.Mcp;

/// <summary>What the gates read of a message before the SDK does. A part that cannot be read is null.</summary>
/// <param name="Tool">The tool that the message calls, if it calls one.</param>
internal sealed record MessageEnvelope(JsonNode? Id, string? Method, string? Tool)
{
    public static readonly MessageEnvelope Unreadable = new(null, null, null);

    public static async Task<MessageEnvelope> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        request.EnableBuffering(1024 * 1024); // the endpoint limits the size
        try
        {
            using var message = await JsonDocument.ParseAsync(request.Body, default, ct);
            if (message.RootElement is not { ValueKind: JsonValueKind.Object } root)
                return Unreadable;
            var method = Text(root, "method");
            return new MessageEnvelope(
                root.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number ? JsonNode.Parse(id.GetRawText())
                    : Text(root, "id") is { } text ? JsonValue.Create(text)
                    : null,
                method,
                method == "tools/call" && root.TryGetProperty("params", out var parameters) ? Text(parameters, "name") : null
            );
        }
        catch (JsonException)
        {
            return Unreadable; // the SDK answers it
        }
        finally
        {
            request.Body.Position = 0;
        }
    }

    private static string? Text(JsonElement element, string member)
    {
        try
        {
            return
                element.ValueKind == JsonValueKind.Object
                && element.TryGetProperty(member, out var value)
                && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair, or not UTF-8
        }
    }
}
