using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace OAuthMcp.Integration.Hosting;

/// <summary>An OAuth client by hand: builds each request from parts that a test can bend.</summary>
internal sealed class TestClient(IReachable server, string clientId, string? clientSecret, string authMethod) : IDisposable
{
    public const string RedirectUri = "http://127.0.0.1:7777/callback";

    public string Id => clientId;
    public string? Secret => clientSecret;
    public HttpClient Http { get; } = server.Http();
    public string Verifier { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>Registers a client; members override or add to a public native one, a null one is left out.</summary>
    public static async Task<TestClient> RegisterAsync(IReachable server, params (string Member, JsonNode? Value)[] members)
    {
        var metadata = new JsonObject
        {
            ["redirect_uris"] = new JsonArray(RedirectUri),
            ["token_endpoint_auth_method"] = "none",
            ["client_name"] = "Test client",
        };
        foreach (var (member, value) in members)
            if (value is null)
                metadata.Remove(member);
            else
                metadata[member] = value;
        using var http = server.Http();
        using var response = await http.PostAsJsonAsync("/register", metadata, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var registered = await response.JsonAsync();
        return new TestClient(
            server,
            (string)registered["client_id"]!,
            (string?)registered["client_secret"],
            (string)registered["token_endpoint_auth_method"]!
        );
    }

    /// <summary>An authorization URL; parameters override or add to a good one, a null one is left out.</summary>
    public string AuthorizationUrl(params (string Name, string? Value)[] parameters) =>
        QueryHelpers.AddQueryString(
            "/authorize",
            Merge(
                new()
                {
                    ["response_type"] = "code",
                    ["client_id"] = clientId,
                    ["redirect_uri"] = RedirectUri,
                    ["code_challenge"] = Challenge,
                    ["code_challenge_method"] = "S256",
                    ["state"] = "the-state",
                    ["scope"] = "mcp.read mcp.write",
                    ["resource"] = server.Resource,
                },
                parameters
            )
        );

    /// <summary>A fresh code, allowed by a user.</summary>
    public async Task<string> CodeAsync(string user = "alice", params (string Name, string? Value)[] parameters)
    {
        using var browser = server.Browser();
        var callback = await browser.AllowAsync(AuthorizationUrl(parameters), user);
        return QueryHelpers.ParseQuery(callback.Query)["code"].ToString();
    }

    /// <summary>POST /token for a code, with the client's own authentication.</summary>
    public Task<HttpResponseMessage> ExchangeAsync(string code, params (string Name, string? Value)[] parameters) =>
        TokenAsync(
            new()
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["redirect_uri"] = RedirectUri,
                ["code_verifier"] = Verifier,
                ["resource"] = server.Resource,
            },
            parameters
        );

    public Task<HttpResponseMessage> RefreshAsync(string refreshToken, params (string Name, string? Value)[] parameters) =>
        TokenAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken }, parameters);

    public Task<HttpResponseMessage> RevokeAsync(string token) => PostAsync("/revoke", Authenticated(new() { ["token"] = token }));

    /// <summary>Access and refresh token of a fresh grant.</summary>
    public async Task<(string Access, string Refresh)> SignInAsync(string user = "alice", params (string Name, string? Value)[] parameters)
    {
        using var response = await ExchangeAsync(await CodeAsync(user, parameters));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var tokens = await response.JsonAsync();
        return ((string)tokens["access_token"]!, (string)tokens["refresh_token"]!);
    }

    public Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string?> form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form!) };
        if (authMethod == "client_secret_basic")
            request.Headers.Authorization = new(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(clientId)}:{Uri.EscapeDataString(clientSecret!)}"))
            );
        return Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public void Dispose() => Http.Dispose();

    private Task<HttpResponseMessage> TokenAsync(Dictionary<string, string?> form, (string Name, string? Value)[] parameters) =>
        PostAsync("/token", Merge(Authenticated(form), parameters));

    private Dictionary<string, string?> Authenticated(Dictionary<string, string?> form)
    {
        if (authMethod != "client_secret_basic")
            form["client_id"] = clientId;
        if (authMethod == "client_secret_post")
            form["client_secret"] = clientSecret;
        return form;
    }

    private static Dictionary<string, string?> Merge(Dictionary<string, string?> good, (string Name, string? Value)[] changes)
    {
        foreach (var (name, value) in changes)
            if (value is null)
                good.Remove(name);
            else
                good[name] = value;
        return good;
    }
}

internal static class Answers
{
    public static async Task<JsonObject> JsonAsync(this HttpResponseMessage response) =>
        (JsonObject)(await JsonNode.ParseAsync(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)))!;

    /// <summary>Asserts an OAuth error as the catalogue writes it: json(status, code), not cached.</summary>
    public static async Task AssertErrorAsync(this HttpResponseMessage response, int status, string code)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} {body}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        var json = JsonNode.Parse(body)!;
        Assert.Equal(code, (string?)json["error"]);
        Assert.Matches(@"^[\x20\x21\x23-\x5B\x5D-\x7E]+$", (string?)json["error_description"]);
    }
}
