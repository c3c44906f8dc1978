using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>POST /register: what is stored, and what a registration cannot say.</summary>
public sealed class RegistrationTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("none")]
    [InlineData("client_secret_post")]
    [InlineData("client_secret_basic")]
    [InlineData(null)]
    public async Task D_01_registers_a_client(string? authMethod)
    {
        using var response = await RegisterAsync(Good(("token_endpoint_auth_method", authMethod)));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);

        var client = await response.JsonAsync();
        Assert.Matches("^cli_[A-Za-z0-9_-]{22,}$", (string?)client["client_id"]);
        Assert.Equal(server.Clock.GetUtcNow().ToUnixTimeSeconds(), (long)client["client_id_issued_at"]!);
        Assert.Equal(authMethod ?? "client_secret_basic", (string?)client["token_endpoint_auth_method"]);
        Assert.Equal([TestClient.RedirectUri], Strings(client, "redirect_uris"));
        Assert.Equal(["authorization_code", "refresh_token"], Strings(client, "grant_types"));
        Assert.Equal(["code"], Strings(client, "response_types"));
        Assert.Equal("A client", (string?)client["client_name"]);
        Assert.All(client, member => Assert.NotNull(member.Value));
        Assert.Equal(authMethod != "none", client.ContainsKey("client_secret"));
        Assert.Equal(authMethod != "none", client.ContainsKey("client_secret_expires_at"));
        if (authMethod == "none")
            return;
        Assert.Equal(0, (long)client["client_secret_expires_at"]!);
        Assert.Matches("^[A-Za-z0-9_-]{43,}$", (string?)client["client_secret"]);
    }

    [Fact]
    public async Task D_01_gives_each_registration_an_id_of_its_own()
    {
        using var first = await TestClient.RegisterAsync(server);
        using var second = await TestClient.RegisterAsync(server);
        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public async Task D_07_sets_nothing_that_a_registration_may_not_set()
    {
        var body = Good(
            ("token_endpoint_auth_method", "client_secret_post"),
            ("client_id", "cli_chosen"),
            ("client_secret", "chosen"),
            ("registration_access_token", "chosen"),
            ("client_id_issued_at", 1),
            ("client_secret_expires_at", 1),
            ("trusted", true),
            ("disabled", true),
            ("disabled_at", "2020-01-01"),
            ("is_pre_registered", true),
            ("IsPreRegistered", true),
            ("Id", "cli_chosen")
        );
        using var response = await RegisterAsync(body);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var answer = await response.JsonAsync();
        Assert.DoesNotContain("chosen", answer.ToJsonString(), StringComparison.Ordinal);
        Assert.False(answer.ContainsKey("trusted"));

        var id = (string)answer["client_id"]!;
        var stored = await server.InDatabaseAsync(db =>
            db.Clients.AsNoTracking().SingleAsync(client => client.Id == id, TestContext.Current.CancellationToken)
        );
        Assert.Null(stored.DisabledAt);
        Assert.False(stored.IsPreRegistered);
        Assert.Equal(TokenHash.Of(new Secret((string)answer["client_secret"]!)), stored.SecretHash);
        Assert.Equal(TokenHash.Of(new Secret((string)answer["registration_access_token"]!)), stored.RegistrationTokenHash);
    }

    [Theory]
    [InlineData("grant_types", """["password"]""")]
    [InlineData("grant_types", """["implicit"]""")]
    [InlineData("grant_types", """["client_credentials"]""")]
    [InlineData("grant_types", """["urn:ietf:params:oauth:grant-type:token-exchange"]""")]
    [InlineData("grant_types", """["refresh_token"]""")]
    [InlineData("grant_types", "[]")]
    [InlineData("response_types", """["token"]""")]
    [InlineData("response_types", """["code token"]""")]
    public async Task D_08_refuses_what_leaves_nothing_to_serve_and_names_the_member(string member, string value)
    {
        await AssertRefusedAsync(Good((member, JsonNode.Parse(value))));
        using var response = await RegisterAsync(Good((member, JsonNode.Parse(value))));
        Assert.StartsWith(member, (string?)(await response.JsonAsync())["error_description"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grant_types", """["authorization_code","client_credentials"]""", """["authorization_code"]""")]
    [InlineData("grant_types", """["password","authorization_code","refresh_token"]""", """["authorization_code","refresh_token"]""")]
    [InlineData("response_types", """["token","code","code token"]""", """["code"]""")]
    [InlineData("token_endpoint_auth_methods_supported", """["tls_client_auth"]""", null)]
    [InlineData("scope", "\"mcp.read admin\"", "\"mcp.read\"")]
    public async Task D_08_narrows_what_a_client_can_do_to_what_is_served(string member, string value, string? echoed)
    {
        using var response = await RegisterAsync(Good((member, JsonNode.Parse(value))));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(echoed, (await response.JsonAsync())[member]?.ToJsonString());
    }

    [Fact]
    public async Task D_08_echoes_the_method_that_it_chose_of_those_a_client_can()
    {
        using var response = await RegisterAsync(
            Good(
                ("token_endpoint_auth_method", "tls_client_auth"),
                ("token_endpoint_auth_methods_supported", new JsonArray("tls_client_auth", "client_secret_post", "none"))
            )
        );
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var client = await response.JsonAsync();
        Assert.Equal("client_secret_post", (string?)client["token_endpoint_auth_method"]);
        Assert.True(client.ContainsKey("client_secret"));
    }

    [Theory]
    [InlineData("private_key_jwt")]
    [InlineData("client_secret_jwt")]
    [InlineData("tls_client_auth")]
    [InlineData("NONE")]
    [InlineData("anything")]
    public async Task D_09_refuses_an_authentication_method_it_does_not_know(string method) =>
        await AssertRefusedAsync(Good(("token_endpoint_auth_method", method)));

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData(" javascript:alert(1)")]
    [InlineData("http://app.example/")]
    [InlineData("HTTPS://app.example/")]
    [InlineData("data:text/html,x")]
    [InlineData("https://user@app.example/")]
    [InlineData("https://app.example/#f")]
    [InlineData("//app.example")]
    [InlineData("app.example")]
    [InlineData("https://")]
    public async Task D_11_refuses_a_client_uri_that_is_no_https_page(string uri) => await AssertRefusedAsync(Good(("client_uri", uri)));

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("{\"redirect_uris\":[\"https://a.example/cb\"]} {}")]
    [InlineData("{\"redirect_uris\":[\"https://a.example/cb\"],}")]
    [InlineData("{\"redirect_uris\":[\"https://a.example/cb\"],\"redirect_uris\":[\"https://b.example/cb\"]}")]
    [InlineData("{\"redirect_uris\":[\"https://a.example/cb\"],\"jwks\":{\"keys\":1,\"keys\":2}}")]
    [InlineData("{\"redirect_uris\":[\"https://a.example/cb\"],\"client_name\":1}")]
    [InlineData("{\"redirect_uris\":[\"https://a.example/cb\"],\"client_name\":{}}")]
    [InlineData("{\"redirect_uris\":[\"https://a.example/cb\"],\"grant_types\":\"authorization_code\"}")]
    [InlineData("{\"redirect_uris\":[\"https://a.example/cb\"],\"response_types\":[1]}")]
    [InlineData("{\"redirect_uris\":[\"https://a.example/cb\"],\"scope\":[\"mcp.read\"]}")]
    [InlineData("{\"redirect_uris\":[\"https://a.example/cb\"],\"client_name\":\"\\ud800\"}")]
    [InlineData("{\"redirect_uris\":[\"https://a.example/cb\"],\"client_name\":\"\u00ff\"}")] // one byte, which is no UTF-8
    [InlineData("{\"redirect_uris\":[\"https://a.example/cb\"],\"\\udfff\":1}")]
    [InlineData("redirect_uris=https%3A%2F%2Fa.example%2Fcb")]
    public async Task D_14_refuses_a_body_that_is_no_client_metadata(string body) => await AssertRefusedAsync(body);

    [Fact]
    public async Task D_14_refuses_a_body_of_a_hundred_levels() =>
        await AssertRefusedAsync($$"""{"redirect_uris":["https://a.example/cb"],"x":{{new string('[', 100)}}{{new string(']', 100)}}}""");

    [Fact]
    public async Task D_20_is_gone_when_switched_off()
    {
        await using var closed = await TestServer.StartAsync(("OAuth:Registration:Enabled", "false"));
        using var http = closed.Http();
        using var response = await http.PostAsJsonAsync("/register", Good(), TestContext.Current.CancellationToken);
        await response.AssertErrorAsync(404, "not_found");
        foreach (var document in new[] { "oauth-authorization-server", "openid-configuration" })
        {
            using var metadata = await http.GetAsync("/.well-known/" + document, TestContext.Current.CancellationToken);
            Assert.False((await metadata.JsonAsync()).ContainsKey("registration_endpoint"));
            using var open = await server.Http().GetAsync("/.well-known/" + document, TestContext.Current.CancellationToken);
            Assert.Equal($"{server.Issuer}/register", (string?)(await open.JsonAsync())["registration_endpoint"]);
        }
    }

    private static JsonObject Good(params (string Member, JsonNode? Value)[] members)
    {
        var metadata = new JsonObject { ["redirect_uris"] = new JsonArray(TestClient.RedirectUri), ["client_name"] = "A client" };
        foreach (var (member, value) in members)
            if (value is not null)
                metadata[member] = value;
        return metadata;
    }

    private static IEnumerable<string?> Strings(JsonObject client, string member) =>
        client[member]!.AsArray().Select(item => (string?)item);

    private Task AssertRefusedAsync(JsonObject metadata) => AssertRefusedAsync(metadata.ToJsonString());

    // Bytes below 0x100 go out as they are written, so that a test can send what is no UTF-8.
    private async Task AssertRefusedAsync(string body)
    {
        var before = await CountAsync();
        using var http = server.Http();
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body)) { Headers = { ContentType = new("application/json") } };
        using var response = await http.PostAsync("/register", content, TestContext.Current.CancellationToken);
        await response.AssertErrorAsync(400, "invalid_client_metadata");
        Assert.Equal(before, await CountAsync());
    }

    private Task<int> CountAsync() => server.InDatabaseAsync(db => db.Clients.CountAsync(TestContext.Current.CancellationToken));

    private async Task<HttpResponseMessage> RegisterAsync(JsonObject metadata)
    {
        using var http = server.Http();
        return await http.PostAsJsonAsync("/register", metadata, TestContext.Current.CancellationToken);
    }
}
