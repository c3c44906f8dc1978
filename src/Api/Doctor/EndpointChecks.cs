using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace OAuthMcp.Api.Doctor;

/// <summary>The back channel: whether secrets arrive over https, clients can register, and web pages may read the answers.</summary>
internal static class EndpointChecks
{
    private static readonly string[] Redirects = ["http://127.0.0.1/callback"];

    public static IReadOnlyList<Check> All { get; } =
    [new("token endpoint", TokenAsync), new("registration", RegisterAsync), new("cors", CorsAsync)];

    private static async Task<Finding> TokenAsync(Visit visit, CancellationToken ct)
    {
        if (!visit.IsIssuerHere || visit.Server is null)
            return Finding.Skip("There is no token endpoint here to look at.");
        var request = visit.Request(HttpMethod.Post, "/token");
        request.Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "doctor")]);
        using var answer = await visit.SendAsync(request, ct);
        return Refusal(await answer.Content.ReadAsByteArrayAsync(ct)) switch
        {
            (_, { } said) when said.Contains("Server:TrustedProxies", StringComparison.Ordinal) => Finding.Fault(
                "The server takes this request for plain http, and refuses secrets.",
                "Name the proxy in Server:TrustedProxies, and let it send X-Forwarded-Proto and X-Forwarded-For."
            ),
            ({ } code, _) => Finding.Ok($"It refuses an invented grant as RFC 6749 says ({code})."),
            _ => Answers.Explain(answer, 1, "Let the proxy send POST /token to the server, with its body."),
        };
    }

    // RFC 7591 §3, and RFC 7592 §2.3, so that nothing stays
    private static async Task<Finding> RegisterAsync(Visit visit, CancellationToken ct)
    {
        if (!visit.IsIssuerHere || visit.Server?.Text("registration_endpoint") is not { } place)
            return Finding.Skip("Clients do not register here.");
        var request = visit.Request(HttpMethod.Post, place);
        request.Content = JsonContent.Create(
            new Dictionary<string, object>
            {
                ["client_name"] = "OAuthMcp doctor",
                ["redirect_uris"] = Redirects,
                ["token_endpoint_auth_method"] = "none",
            }
        );
        using var answer = await visit.SendAsync(request, ct);
        var body = await answer.Content.ReadAsByteArrayAsync(ct);
        if (answer.StatusCode != HttpStatusCode.Created)
            return Refusal(body) is ({ } code, var said)
                ? Finding.Fault($"It is refused: {code}, {said}", "Look at OAuth:Registration and at the log of the server.")
                : Answers.Explain(answer, 1, "Let the proxy send POST /register to the server.");
        using var registered = JsonDocument.Parse(body);
        var (uri, token) = (
            registered.RootElement.Text("registration_client_uri"),
            registered.RootElement.Text("registration_access_token")
        );
        if (uri is null || token is null)
            return Finding.Note("A client registered, and the answer does not say how to delete it again.");
        using var deleted = await visit.SendAsync(visit.Request(HttpMethod.Delete, uri, ("Authorization", $"Bearer {token}")), ct);
        return deleted.StatusCode == HttpStatusCode.NoContent
            ? Finding.Ok("A client registered and deleted itself again.")
            : Finding.Fault(
                $"A client registered, and DELETE {uri} is {Answers.Status(deleted)}.",
                $"Let the proxy pass DELETE on; `clients delete {registered.RootElement.Text("client_id")}` takes that client away."
            );
    }

    private static async Task<Finding> CorsAsync(Visit visit, CancellationToken ct)
    {
        var closed = new List<string>();
        foreach (var path in visit.IsIssuerHere ? [DiscoveryChecks.ResourceMetadata, "/token"] : new[] { DiscoveryChecks.ResourceMetadata })
            if (!await IsOpenAsync(visit, path, $"https://{Visit.Stranger}", ct))
                closed.Add(path);
        if (!await IsOpenAsync(visit, "/mcp", visit.Url, ct))
            closed.Add($"/mcp (for {visit.Url})");
        using var read = await visit.SendAsync(
            visit.Request(HttpMethod.Get, DiscoveryChecks.ResourceMetadata, ("Origin", $"https://{Visit.Stranger}")),
            ct
        );
        if (!read.Headers.Contains("Access-Control-Allow-Origin"))
            closed.Add($"the answer of {DiscoveryChecks.ResourceMetadata}");
        return closed.Count == 0
            ? Finding.Ok("Clients in web pages may read metadata and tokens.")
            : Finding.Fault(
                $"Clients in web pages are kept out of {string.Join(", ", closed)}.",
                "Let the proxy pass OPTIONS and the Access-Control headers on, and add none of its own."
            );
    }

    private static async Task<bool> IsOpenAsync(Visit visit, string path, string origin, CancellationToken ct)
    {
        using var answer = await visit.SendAsync(
            visit.Request(
                HttpMethod.Options,
                path,
                ("Origin", origin),
                ("Access-Control-Request-Method", path == DiscoveryChecks.ResourceMetadata ? "GET" : "POST"),
                ("Access-Control-Request-Headers", "authorization,content-type,mcp-protocol-version")
            ),
            ct
        );
        return answer.IsSuccessStatusCode
            && answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed)
            && allowed.SequenceEqual([allowed.First() == "*" ? "*" : origin]);
    }

    private static (string? Code, string? Said) Refusal(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? (document.RootElement.Text("error"), document.RootElement.Text("error_description"))
                : default;
        }
        catch (JsonException)
        {
            return default; // a page of the proxy, say
        }
    }
}
