using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OAuthMcp.Client.Terminal;

/// <summary>
/// Shows each exchange (<c>--verbose</c>). Secrets are masked by name, and of the headers only the telling ones are shown.
/// </summary>
/// <param name="withBodies">Not for the MCP endpoint, whose answers are streams and the tools' affair.</param>
internal sealed partial class HttpTrace(Narrator narrator, bool withBodies, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string Mask = "***";

    private static readonly string[] Headers =
    [
        "Content-Type",
        "WWW-Authenticate",
        "Retry-After",
        "MCP-Protocol-Version",
        "Mcp-Method",
        "Mcp-Name",
    ];

    private static readonly HashSet<string> Secrets =
    [
        "access_token",
        "refresh_token",
        "id_token",
        "token",
        "code",
        "code_verifier",
        "state",
        "client_secret",
        "client_assertion",
        "registration_access_token",
        "assertion",
        "password",
    ];

    [GeneratedRegex("(?<=^|[?&])(?<name>[^=&?]+)=(?<value>[^&]*)")]
    private static partial Regex Field { get; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        narrator.Exchange($"> {request.Method} {Fields(request.RequestUri!.AbsoluteUri)}");
        if (request.Headers.Authorization is { } authorization)
            narrator.Exchange($"> Authorization: {authorization.Scheme} {Mask}");
        await ShowAsync('>', request.Headers, request.Content, ct);
        var response = await base.SendAsync(request, ct);
        narrator.Exchange($"< {(int)response.StatusCode} {response.ReasonPhrase}");
        await ShowAsync('<', response.Headers, response.Content, ct);
        return response;
    }

    private async Task ShowAsync(
        char direction,
        IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers,
        HttpContent? content,
        CancellationToken ct
    )
    {
        foreach (var (name, values) in headers.Concat(content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>()))
            if (Headers.Contains(name, StringComparer.OrdinalIgnoreCase))
                narrator.Exchange($"{direction} {name}: {string.Join(", ", values)}");
        if (!withBodies || content is null)
            return;
        await content.LoadIntoBufferAsync(1024 * 1024, ct);
        var body = await content.ReadAsStringAsync(ct);
        if (body.Length > 0)
            narrator.Exchange($"{direction} {Body(content.Headers.ContentType?.MediaType, body)}");
    }

    private static string Body(string? mediaType, string body)
    {
        if (mediaType == "application/x-www-form-urlencoded")
            return Fields(body);
        try
        {
            return mediaType?.EndsWith("json", StringComparison.Ordinal) == true && JsonNode.Parse(body) is { } json
                ? Masked(json).ToJsonString()
                : $"({body.Length} characters)";
        }
        catch (JsonException)
        {
            return $"({body.Length} characters that are no JSON)";
        }
    }

    private static string Fields(string text) =>
        Field.Replace(text, field => Secrets.Contains(field.Groups["name"].Value) ? $"{field.Groups["name"].Value}={Mask}" : field.Value);

    private static JsonNode Masked(JsonNode json)
    {
        if (json is JsonArray items)
            foreach (var item in items.OfType<JsonNode>())
                Masked(item);
        if (json is JsonObject members)
            foreach (var (name, value) in members.ToList())
                if (Secrets.Contains(name))
                    members[name] = Mask;
                else if (value is not null)
                    Masked(value);
        return json;
    }
}
