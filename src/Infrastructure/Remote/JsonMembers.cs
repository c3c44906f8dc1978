using System.Text.Json;

namespace OAuthMcp.Infrastructure.Remote;

/// <summary>Reads JSON of other servers. A member of another type than asked for counts as missing.</summary>
internal static class JsonMembers
{
    // RFC 8259 §4, RFC 7519 §4: of two members with one name, different readers take different ones.
    private static readonly JsonDocumentOptions Unambiguous = new() { AllowDuplicateProperties = false };

    /// <summary>Null for text that is not JSON or is ambiguous. A byte order mark is ignored (RFC 8259 §8.1).</summary>
    public static JsonElement? Parse(byte[] text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.AsMemory(text is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0), Unambiguous);
            return document.RootElement.Clone();
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException) // the latter: a name that is no text
        {
            return null;
        }
    }

    public static string? Text(this JsonElement members, string name) =>
        members.Member(name) is { } member && Text(member) is { Length: > 0 } text ? text : null;

    /// <summary>A list of texts, which some servers send as one text with spaces. Empty when it is missing.</summary>
    public static IReadOnlyList<string> Texts(this JsonElement members, string name) =>
        members.Member(name) switch
        {
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(Text).OfType<string>()],
            { } one => Text(one)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
            null => [],
        };

    /// <summary>Whether it is <c>true</c>, which some servers send as a text.</summary>
    public static bool IsTrue(this JsonElement members, string name) =>
        members.Member(name) is { } member && (member.ValueKind == JsonValueKind.True || Text(member) == "true");

    /// <summary>Seconds since 1970, with a fraction or without (RFC 7519 §2).</summary>
    public static DateTimeOffset? Time(this JsonElement members, string name) =>
        members.Member(name) is { ValueKind: JsonValueKind.Number } time
        && time.TryGetDouble(out var seconds)
        && seconds is > 0 and < 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;

    public static JsonElement? Member(this JsonElement members, string name) =>
        members.ValueKind == JsonValueKind.Object && members.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement item)
    {
        try
        {
            return item.ValueKind == JsonValueKind.String ? item.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // not UTF-8, or half of a surrogate pair
        }
    }
}
