using System.Text.Json;
using System.Text.Json.Nodes;

namespace OAuthMcp.Api.Mcp;

/// <summary>What the gates read of a message before the SDK does. A part that cannot be read is null.</summary>
/// <param name="Tool">The tool that the message calls, if it calls one.</param>
internal sealed record MessageEnvelope(JsonNode? Id, string? Method, string? Tool)
{
    /// <summary>
    /// How much of a body is kept in memory. For up to 1 MiB the framework takes so much at once, for each request; beyond that it takes
    /// what the body needs.
    /// </summary>
    public const int MostInMemory = (1024 * 1024) + 1;

    public static readonly MessageEnvelope Unreadable = new(null, null, null);

    /// <summary>
    /// What the headers say, which saves reading the message twice: from the revision on that demands them, the SDK refuses those that
    /// differ from the body. Null where they say nothing that can be taken as it is; the id is in no header.
    /// </summary>
    public static MessageEnvelope? OfHeaders(IHeaderDictionary headers) =>
        headers["MCP-Protocol-Version"] != ScopeGate.FirstRevisionWithHeaders || headers["Mcp-Method"] is not [{ Length: > 0 } method]
            ? null
        : method != "tools/call" ? new MessageEnvelope(null, method, null)
        : headers["Mcp-Name"] is [{ Length: > 0 } tool] && tool.All(IsPlain) ? new MessageEnvelope(null, method, tool)
        : null;

    /// <summary>Reads the body, and leaves it to be read again.</summary>
    public static async Task<MessageEnvelope> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        request.EnableBuffering(MostInMemory); // the endpoint limits the size
        try
        {
            request.Body.Position = 0;
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

    // Other names are encoded in a header (MCP 2026-07-28, "Value Encoding").
    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' or '/';

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
