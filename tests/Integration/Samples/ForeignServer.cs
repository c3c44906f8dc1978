using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Samples;

/// <summary>
/// Somebody else's MCP server, and the authorization servers that it names, one after the other: below /first, /second. They say yes to
/// everybody.
/// </summary>
internal sealed class ForeignServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Issuer, string Text)> requests = new();
    private StandIn standIn = null!;

    /// <summary>The one that signs in for the MCP server now.</summary>
    public string Issuer { get; set; } = "first";

    /// <summary>Whose metadata it publishes, below its origin or anywhere; null for its own.</summary>
    public string? Resource { get; init; }

    /// <summary>Members of the authorization server's metadata that are other than they should be.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>The answer of the token endpoint, when it is a refusal.</summary>
    public JsonObject? Refusal { get; init; }

    /// <summary>The page that its one tool asks to be opened; the tool then says how that was answered.</summary>
    public string? Page { get; init; }

    public string Url => $"{Origin}/mcp";
    public string Origin => standIn.Address.GetLeftPart(UriPartial.Authority);

    /// <summary>All that was ever sent to an issuer: path, query, credentials and body of each request.</summary>
    public string SentTo(string issuer) =>
        string.Join('\n', requests.Where(request => request.Issuer == issuer).Select(request => request.Text));

    public async Task<ForeignServer> StartAsync()
    {
        standIn = await StandIn.StartAsync(AnswerAsync);
        return this;
    }

    public ValueTask DisposeAsync() => standIn.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        var issuer = http.Request.Path.Value!.Contains("second", StringComparison.Ordinal) ? "second" : "first";
        if (http.Request.Path != "/mcp")
            requests.Enqueue((issuer, $"{http.Request.Path}{http.Request.QueryString} {http.Request.Headers.Authorization} {body}"));
        var (status, answer) = http.Request.Path.Value switch
        {
            "/mcp" when http.Request.Headers.Authorization == $"Bearer {Issuer}-access" => (200, Mcp(JsonNode.Parse(body)!)),
            "/mcp" => (401, []),
            "/.well-known/oauth-protected-resource/mcp" => (
                200,
                new JsonObject
                {
                    ["resource"] = Resource is null ? Url : new Uri(new Uri(Origin), Resource).AbsoluteUri,
                    ["authorization_servers"] = new JsonArray($"{Origin}/{Issuer}"),
                }
            ),
            var path when path.StartsWith("/.well-known/oauth-authorization-server/", StringComparison.Ordinal) => (
                200,
                MetadataOf(issuer)
            ),
            var path when path.EndsWith("/register", StringComparison.Ordinal) => (
                201,
                new()
                {
                    ["client_id"] = $"{issuer}-client",
                    ["client_secret"] = $"{issuer}-secret",
                    ["token_endpoint_auth_method"] = "client_secret_post",
                }
            ),
            var path when path.EndsWith("/token", StringComparison.Ordinal) => Refusal is null
                ? (200, Tokens(issuer))
                : (400, Refusal.DeepClone().AsObject()),
            _ => (404, new JsonObject()),
        };
        if (status == 401)
            http.Response.Headers.WWWAuthenticate = "Bearer";
        http.Response.StatusCode = status;
        await http.Response.WriteAsJsonAsync(answer, http.RequestAborted);
    }

    private JsonObject MetadataOf(string issuer)
    {
        var metadata = new JsonObject
        {
            ["issuer"] = $"{Origin}/{issuer}",
            ["authorization_endpoint"] = $"{Origin}/{issuer}/authorize",
            ["token_endpoint"] = $"{Origin}/{issuer}/token",
            ["registration_endpoint"] = $"{Origin}/{issuer}/register",
            ["code_challenge_methods_supported"] = new JsonArray("S256"),
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post"),
        };
        foreach (var (name, value) in Metadata)
            metadata[name] = value?.DeepClone();
        return metadata;
    }

    private static JsonObject Tokens(string issuer) =>
        new()
        {
            ["access_token"] = $"{issuer}-access",
            ["refresh_token"] = $"{issuer}-refresh",
            ["token_type"] = "Bearer",
        };

    private JsonObject AskForPage() =>
        new()
        {
            ["method"] = "elicitation/create",
            ["params"] = new JsonObject
            {
                ["mode"] = "url",
                ["url"] = Page,
                ["message"] = "Please link your account.",
            },
        };

    private JsonObject Mcp(JsonNode request)
    {
        var result = new JsonObject
        {
            ["resultType"] = "complete",
            ["ttlMs"] = 0,
            ["cacheScope"] = "private",
        };
        if ((string?)request["method"] == "tools/list")
            result["tools"] = new JsonArray();
        else if ((string?)request["method"] == "tools/call" && request["params"]!["inputResponses"] is { } answers)
            result["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = (string?)answers["page"]!["action"] });
        else if ((string?)request["method"] == "tools/call")
            (result["resultType"], result["inputRequests"]) = ("input_required", new JsonObject { ["page"] = AskForPage() });
        else
            (result["supportedVersions"], result["capabilities"]) = (
                new JsonArray("2026-07-28"),
                new JsonObject { ["tools"] = new JsonObject() }
            );
        return new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = request["id"]?.DeepClone(),
            ["result"] = result,
        };
    }
}

internal static class ForeignUsers
{
    /// <summary>Says yes, as the foreign server's user.</summary>
    public static Task<Uri> Allow(Uri link)
    {
        var asked = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(link.Query);
        return Task.FromResult(new Uri($"{asked["redirect_uri"]}?code=the-code&state={asked["state"]}"));
    }
}
