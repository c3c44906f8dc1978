using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Fuzzing;

/// <summary>What an answer must be, whatever was asked: of this server's own words, whole, and silent about its inside.</summary>
/// <param name="server">Scheme and authority of the server.</param>
/// <param name="provider">The one place elsewhere that browsers may be sent to.</param>
internal sealed partial class FuzzVerdict(Uri server, Uri provider)
{
    /// <returns>Why it is wrong; null for a right one.</returns>
    public string? Complaint(string request, RawAnswer answer, IEnumerable<string> secrets)
    {
        // The development httpbin repeats a request, which is what it is for.
        var isEcho = request.Contains(" /anything", StringComparison.Ordinal);
        if (answer.Status >= 500)
            return "a fault";
        if (answer.Header("X-Injected") is not null)
            return "a header of the request's making";
        var isHtml = answer.Header("Content-Type")?.StartsWith("text/html", StringComparison.Ordinal) == true;
        if (isHtml && answer.Text.Contains("<script>fuzz", StringComparison.OrdinalIgnoreCase))
            return "markup of the request's making";
        if (answer.Header("Location") is { } location && !IsOurs(location))
            return "sent elsewhere";
        if (!isEcho && Inside().IsMatch(answer.Text))
            return "the inside of the server";
        if (!isEcho && secrets.FirstOrDefault(secret => answer.Text.Contains(secret, StringComparison.Ordinal)) is { } shown)
            return $"a secret: {shown}";
        return answer.Status < 400 || request.StartsWith("HEAD ", StringComparison.Ordinal) ? null : OfRefusal(answer);
    }

    private static string? OfRefusal(RawAnswer answer)
    {
        // What Kestrel and the host filter refuse has no body and no headers of ours.
        if (answer.Body.Length == 0)
            return answer.Status is 400 or 408 or 411 or 413 or 414 or 431 or 505 ? null : "no body";
        if (answer.Header("X-Content-Type-Options") != "nosniff")
            return "without the security headers";
        return answer.Header("Content-Type") switch
        {
            "application/json" or "application/json; charset=utf-8" => IsError(answer.Body) ? null : "no OAuth or JSON-RPC error",
            "text/html; charset=utf-8" => answer.Body.TrimEnd().EndsWith("</html>", StringComparison.Ordinal) ? null : "half a page",
            _ => "an unexpected type",
        };
    }

    // A relative reference, this server, its provider, or the one loopback redirect URI that is registered, whatever its port.
    private bool IsOurs(string location)
    {
        if (
            !Uri.TryCreate(server, location, out var target)
            || location.Contains(FuzzWords.Elsewhere, StringComparison.OrdinalIgnoreCase) && target.Host == FuzzWords.Elsewhere
        )
            return false;
        return target.Authority == server.Authority
            || target.GetLeftPart(UriPartial.Path) == provider.GetLeftPart(UriPartial.Path)
            || target is { Scheme: "http", Host: "127.0.0.1", AbsolutePath: "/callback", UserInfo: "" };
    }

    private static bool IsError(string body)
    {
        try
        {
            if (JsonNode.Parse(body) is not JsonObject json)
                return false;
            if ((string?)json["jsonrpc"] == "2.0")
                return json["error"]?["code"]?.GetValueKind() == JsonValueKind.Number && json["error"]!["message"] is not null;
            return Code().IsMatch((string?)json["error"] ?? "") && Description().IsMatch((string?)json["error_description"] ?? "");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\bat (OAuthMcp|Microsoft|System)\.|Exception\b|\.cs:line")]
    private static partial Regex Inside();

    [GeneratedRegex("^[a-z_]+$")]
    private static partial Regex Code();

    [GeneratedRegex(@"^[\x20\x21\x23-\x5B\x5D-\x7E]+$")]
    private static partial Regex Description();
}
