using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OAuthMcp.Api.Mcp;

/// <summary>What the gates read of a message before the SDK does. A part that cannot be read is null.</summary>
/// <param name="RawId">The id as JSON.</param>
/// <param name="Tool">The tool that the message calls, if it calls one.</param>
internal sealed record MessageEnvelope(string? RawId, string? Method, string? Tool)
{
    /// <summary>
    /// How much of a body is kept in memory. For up to 1 MiB the framework takes so much at once, for each request; beyond that it takes
    /// what the body needs.
    /// </summary>
    private const int MostInMemory = (1024 * 1024) + 1;

    /// <summary>A body of this length fits well into what the server holds of a connection, so that it can be read there.</summary>
    private const int MostPeeked = 32 * 1024;

    public static readonly MessageEnvelope Unreadable = new(null, null, null);

    public JsonNode? Id => RawId is null ? null : JsonNode.Parse(RawId);

    /// <summary>The envelope of the message in this request, which is read once and leaves the body to be read again.</summary>
    public static async ValueTask<MessageEnvelope> OfAsync(HttpContext http)
    {
        if (http.Features.Get<MessageEnvelope>() is { } known)
            return known;
        var read = http.Request.ContentLength <= MostPeeked ? await PeekAsync(http) : await BufferAsync(http);
        http.Features.Set(read);
        return read;
    }

    // Waits until the body is there, and takes nothing of it.
    private static async ValueTask<MessageEnvelope> PeekAsync(HttpContext http)
    {
        var body = http.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(http.RequestAborted);
            if (!read.IsCompleted)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            try
            {
                using var message = JsonDocument.Parse(WithoutMark(read.Buffer));
                return Of(message.RootElement);
            }
            catch (JsonException)
            {
                return Unreadable; // the SDK answers it
            }
            finally
            {
                body.AdvanceTo(read.Buffer.Start);
            }
        }
    }

    // Who reads a stream skips a byte order mark, as the SDK does.
    private static ReadOnlySequence<byte> WithoutMark(ReadOnlySequence<byte> body)
    {
        var reader = new SequenceReader<byte>(body);
        reader.IsNext(Encoding.UTF8.Preamble, advancePast: true);
        return reader.UnreadSequence;
    }

    private static async ValueTask<MessageEnvelope> BufferAsync(HttpContext http)
    {
        http.Request.EnableBuffering(MostInMemory); // the endpoint limits the size
        try
        {
            using var message = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            return Of(message.RootElement);
        }
        catch (JsonException)
        {
            return Unreadable;
        }
        finally
        {
            http.Request.Body.Position = 0;
        }
    }

    private static MessageEnvelope Of(JsonElement message)
    {
        var method = Text(message, "method");
        return new MessageEnvelope(
            RawIdOf(message),
            method,
            method == "tools/call" && message.TryGetProperty("params", out var parameters) ? Text(parameters, "name") : null
        );
    }

    private static string? RawIdOf(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object
        && message.TryGetProperty("id", out var id)
        && (id.ValueKind == JsonValueKind.Number || Text(message, "id") is not null)
            ? id.GetRawText()
            : null;

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
