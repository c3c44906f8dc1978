using System.Text.Json;

namespace OAuthMcp.Api.Doctor;

/// <summary>Members of a document; one of another type counts as missing.</summary>
internal static class Members
{
    public static string? Text(this JsonElement document, string name) =>
        document.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    public static bool IsTrue(this JsonElement document, string name) =>
        document.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.True;

    public static IReadOnlyList<string> Strings(this JsonElement document, string name) =>
        document.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Array
            ? [.. member.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];
}
