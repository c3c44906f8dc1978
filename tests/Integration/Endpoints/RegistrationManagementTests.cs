using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>/register/{client_id}: a registration in the hands of whoever holds its token.</summary>
public sealed class RegistrationManagementTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Fact]
    public async Task D_17_reads_what_was_registered_but_the_secret()
    {
        var registered = await RegisterAsync(("token_endpoint_auth_method", "client_secret_basic"));
        using var response = await SendAsync(HttpMethod.Get, registered);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        var read = await response.JsonAsync();
        Assert.False(read.ContainsKey("client_secret"));
        foreach (var (member, value) in registered.Where(member => member.Key != "client_secret"))
            Assert.Equal(value!.ToJsonString(), read[member]!.ToJsonString());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task D_17_refuses_another_token_than_that_of_the_client(string method)
    {
        var (mine, other) = (await RegisterAsync(), await RegisterAsync());
        using var user = await TestClient.RegisterAsync(server);
        var access = (await user.SignInAsync()).Access;
        string?[] tokens = [null, "", "wrong", Token(other), (string?)mine["client_id"], access];
        foreach (var token in tokens)
        {
            using var response = await SendAsync(new(method), mine, Update(mine), token);
            await response.AssertErrorAsync(401, "invalid_token");
            Assert.Equal("Bearer error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString());
        }

        using var unknown = await SendAsync(new(method), new() { ["client_id"] = "cli_unknown" }, Update(mine), Token(mine));
        await unknown.AssertErrorAsync(401, "invalid_token");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, mine)).StatusCode);
    }

    [Fact]
    public async Task D_17_an_update_narrows_and_rotates_the_token()
    {
        var mine = await RegisterAsync(("redirect_uris", new JsonArray(TestClient.RedirectUri, "https://app.example/cb")));
        using var response = await SendAsync(
            HttpMethod.Put,
            mine,
            Update(
                mine,
                ("redirect_uris", new JsonArray(TestClient.RedirectUri)),
                ("grant_types", new JsonArray("authorization_code")),
                ("client_name", "New name")
            )
        );
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var updated = await response.JsonAsync();
        Assert.Equal("New name", (string?)updated["client_name"]);
        Assert.Equal($"[\"{TestClient.RedirectUri}\"]", updated["redirect_uris"]!.ToJsonString());
        Assert.NotEqual(Token(mine), Token(updated));

        await (await SendAsync(HttpMethod.Get, mine)).AssertErrorAsync(401, "invalid_token");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, updated)).StatusCode);
        using var client = new TestClient(server, (string)mine["client_id"]!, null, "none");
        using var gone = await client.Http.GetAsync(
            client.AuthorizationUrl(("redirect_uri", "https://app.example/cb")),
            TestContext.Current.CancellationToken
        );
        await gone.AssertPageAsync();
        using var exchanged = await client.ExchangeAsync(await client.CodeAsync());
        Assert.False((await exchanged.JsonAsync()).ContainsKey("refresh_token"));
    }

    [Fact]
    public async Task D_17_an_update_keeps_the_secret()
    {
        var mine = await RegisterAsync(("token_endpoint_auth_method", "client_secret_basic"));
        using var response = await SendAsync(HttpMethod.Put, mine, Update(mine, ("client_name", "New name")));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var client = new TestClient(server, (string)mine["client_id"]!, (string)mine["client_secret"]!, "client_secret_basic");
        Assert.Equal(HttpStatusCode.OK, (await client.ExchangeAsync(await client.CodeAsync())).StatusCode);
    }

    [Theory]
    [InlineData("redirect_uris", """["http://127.0.0.1:7777/callback","https://evil.example/cb"]""", "invalid_redirect_uri")]
    [InlineData("redirect_uris", """["https://evil.example/cb"]""", "invalid_redirect_uri")]
    [InlineData("redirect_uris", """["javascript:alert(1)"]""", "invalid_redirect_uri")]
    [InlineData("redirect_uris", "[]", "invalid_redirect_uri")]
    [InlineData("grant_types", """["authorization_code","refresh_token"]""", "invalid_client_metadata")]
    [InlineData("grant_types", """["client_credentials"]""", "invalid_client_metadata")]
    [InlineData("token_endpoint_auth_method", "\"client_secret_post\"", "invalid_client_metadata")]
    [InlineData("token_endpoint_auth_method", "\"private_key_jwt\"", "invalid_client_metadata")]
    [InlineData("jwks_uri", "\"https://evil.example/jwks.json\"", "invalid_client_metadata")]
    [InlineData("client_uri", "\"javascript:alert(1)\"", "invalid_client_metadata")]
    [InlineData("client_id", "\"cli_another\"", "invalid_request")]
    [InlineData("client_id", "null", "invalid_request")]
    [InlineData("software_statement", "\"x\"", "invalid_software_statement")]
    public async Task D_17_an_update_cannot_widen(string member, string value, string error)
    {
        var mine = await RegisterAsync(("grant_types", new JsonArray("authorization_code")));
        await (await SendAsync(HttpMethod.Put, mine, Update(mine, (member, JsonNode.Parse(value))))).AssertErrorAsync(400, error);
        using var after = await SendAsync(HttpMethod.Get, mine);
        Assert.Equal(mine.ToJsonString(), (await after.JsonAsync()).ToJsonString());
    }

    [Fact]
    public async Task D_17_an_update_cannot_change_keys()
    {
        using var key = new ClientKey();
        using var thief = new ClientKey();
        var mine = await RegisterAsync(("token_endpoint_auth_method", "private_key_jwt"), ("jwks", key.Jwks));
        await (await SendAsync(HttpMethod.Put, mine, Update(mine, ("jwks", thief.Jwks)))).AssertErrorAsync(400, "invalid_client_metadata");
        using var same = await SendAsync(HttpMethod.Put, mine, Update(mine, ("client_name", "New name")));
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task D_17_a_disabled_client_cannot_come_back(string method)
    {
        var mine = await RegisterAsync();
        using var client = new TestClient(server, (string)mine["client_id"]!, null, "none");
        var (access, _) = await client.SignInAsync();
        await server.DisableClientAsync(client.Id);
        await (await SendAsync(new(method), mine, Update(mine, ("disabled", false)))).AssertErrorAsync(401, "invalid_token");
        Assert.False(await server.AcceptsAsync(access));
        using var response = await client.Http.GetAsync(client.AuthorizationUrl(), TestContext.Current.CancellationToken);
        await response.AssertPageAsync();
    }

    [Fact]
    public async Task D_17_a_deleted_client_is_gone_with_all_its_tokens()
    {
        var mine = await RegisterAsync();
        using var client = new TestClient(server, (string)mine["client_id"]!, null, "none");
        var (access, refresh) = await client.SignInAsync();
        using var response = await SendAsync(HttpMethod.Delete, mine);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.False(await server.AcceptsAsync(access));
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(401, "invalid_client");
        await (await SendAsync(HttpMethod.Get, mine)).AssertErrorAsync(401, "invalid_token");
    }

    [Fact]
    public async Task D_17_manages_no_client_that_an_operator_configured()
    {
        await using var own = await TestServer.StartAsync(
            ("OAuth:Clients:0:ClientId", "desktop"),
            ("OAuth:Clients:0:RedirectUris:0", TestClient.RedirectUri)
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/register/desktop")
        {
            Headers = { Authorization = new("Bearer", "x") },
        };
        await (await own.SendAsync(request)).AssertErrorAsync(401, "invalid_token");
    }

    private static string Token(JsonObject registration) => (string)registration["registration_access_token"]!;

    private async Task<JsonObject> RegisterAsync(params (string Member, JsonNode? Value)[] members)
    {
        var metadata = new JsonObject
        {
            ["redirect_uris"] = new JsonArray(TestClient.RedirectUri),
            ["token_endpoint_auth_method"] = "none",
            ["client_name"] = "A client",
        };
        foreach (var (member, value) in members)
            metadata[member] = value;
        using var http = server.Http();
        using var response = await http.PostAsJsonAsync("/register", metadata, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return await response.JsonAsync();
    }

    // RFC 7592 §2.2: the whole metadata, without what the server adds.
    private static JsonObject Update(JsonObject registration, params (string Member, JsonNode? Value)[] changes)
    {
        var metadata = (JsonObject)registration.DeepClone();
        foreach (
            var member in new[]
            {
                "registration_access_token",
                "registration_client_uri",
                "client_secret",
                "client_secret_expires_at",
                "client_id_issued_at",
            }
        )
            metadata.Remove(member);
        return ForgedToken.Changed(metadata, changes);
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, JsonObject registration) =>
        SendAsync(method, registration, null, Token(registration));

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, JsonObject registration, JsonObject body) =>
        SendAsync(method, registration, body, Token(registration));

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, JsonObject registration, JsonObject? body, string? token)
    {
        using var request = new HttpRequestMessage(method, $"/register/{(string?)registration["client_id"]}");
        if (method == HttpMethod.Put)
            request.Content = JsonContent.Create(body);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await server.SendAsync(request);
    }
}
