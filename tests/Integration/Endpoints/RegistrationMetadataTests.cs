using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>POST /register: keys, links and statements that a client brings.</summary>
public sealed class RegistrationMetadataTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Of1024Bits =
        "8E6G5vFsUd777RQNWBrjoWStNnVW1tOuxkursuo9GM_Szy9KgFzzMMDYrwhXib-sQeybWMi2MZNYQj0pZ5JMVwU3a1"
        + "cbsiMfkPnoUIIqoeFhT3oKSy5yKZj85QSE8bYweVh6PCrOR0LVbLyGAk50gi6PvwW1-7tLXy3G9IUC0QM";

    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("{\"token_endpoint_auth_method\":\"private_key_jwt\"}")]
    [InlineData("{\"token_endpoint_auth_method\":\"private_key_jwt\",\"jwks\":{\"keys\":[]}}")]
    [InlineData("{\"token_endpoint_auth_method\":\"private_key_jwt\",\"jwks\":{}}")]
    [InlineData("{\"token_endpoint_auth_method\":\"private_key_jwt\",\"jwks\":{\"keys\":{}}}")]
    [InlineData("{\"token_endpoint_auth_method\":\"private_key_jwt\",\"jwks\":\"{}\"}")]
    [InlineData(
        "{\"token_endpoint_auth_method\":\"private_key_jwt\",\"jwks\":{\"keys\":[{\"kty\":\"EC\"}]},\"jwks_uri\":\"https://app.example/jwks.json\"}"
    )]
    [InlineData(
        "{\"token_endpoint_auth_method\":\"private_key_jwt\",\"jwks\":{\"keys\":[{\"kty\":\"EC\"}]},\"token_endpoint_auth_signing_alg\":\"none\"}"
    )]
    [InlineData(
        "{\"token_endpoint_auth_method\":\"private_key_jwt\",\"jwks\":{\"keys\":[{\"kty\":\"EC\"}]},\"token_endpoint_auth_signing_alg\":\"HS256\"}"
    )]
    [InlineData("{\"token_endpoint_auth_method\":\"none\",\"client_secret\":\"mine\"}")]
    [InlineData("{\"token_endpoint_auth_method\":\"client_secret_jwt\"}")]
    [InlineData("{\"token_endpoint_auth_method\":\"tls_client_auth\"}")]
    [InlineData("{\"token_endpoint_auth_method\":\"self_signed_tls_client_auth\"}")]
    [InlineData("{\"token_endpoint_auth_method\":7}")]
    public Task D_09_refuses_a_method_without_what_it_needs(string members) => AssertRefusedAsync(members, "invalid_client_metadata");

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("java\\tscript:alert(1)")]
    [InlineData("http://app.example/x")]
    [InlineData("https://user:password@app.example/x")]
    [InlineData("https://app.example/x#fragment")]
    [InlineData("https://localhost/x")]
    [InlineData("https://app.localhost/x")]
    [InlineData("https://127.0.0.1/x")]
    [InlineData("https://127.1/x")]
    [InlineData("https://2130706433/x")]
    [InlineData("https://0x7f.0.0.1/x")]
    [InlineData("https://10.0.0.1/x")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::1]/x")]
    [InlineData("https://[fd00::1]/x")]
    [InlineData("https://intranet/x")]
    public async Task D_11_refuses_a_link_that_is_no_https_page_of_a_public_host(string url)
    {
        foreach (var member in new[] { "logo_uri", "client_uri", "tos_uri", "policy_uri", "jwks_uri" })
            await AssertRefusedAsync($$"""{"{{member}}":"{{url}}"}""", "invalid_client_metadata");
    }

    [Fact]
    public async Task D_11_takes_links_without_a_look_at_them()
    {
        using var client = await TestClient.RegisterAsync(
            server,
            ("token_endpoint_auth_method", "private_key_jwt"),
            ("jwks_uri", "https://unreachable.invalid/jwks.json"),
            ("client_uri", "https://unreachable.invalid/"),
            ("tos_uri", "https://unreachable.invalid/terms")
        );
        Assert.Null(client.Secret);
    }

    [Fact]
    public async Task D_01_gives_back_the_keys_of_a_client_that_signs_and_no_secret()
    {
        using var key = new ClientKey();
        var answer = await RegisterAsync(
            new()
            {
                ["token_endpoint_auth_method"] = "private_key_jwt",
                ["token_endpoint_auth_signing_alg"] = "ES256",
                ["jwks"] = key.Jwks,
            }
        );
        Assert.Equal(key.Jwks.ToJsonString(), answer["jwks"]!.ToJsonString());
        Assert.Equal(
            ("private_key_jwt", "ES256"),
            ((string?)answer["token_endpoint_auth_method"], (string?)answer["token_endpoint_auth_signing_alg"])
        );
        Assert.False(answer.ContainsKey("client_secret"));
        Assert.False(answer.ContainsKey("client_secret_expires_at"));
    }

    [Theory]
    [InlineData("EC", "d", "AQAB")]
    [InlineData("EC", "k", "AQAB")]
    [InlineData("EC", "kty", "oct")]
    [InlineData("EC", "x", "AQAB")]
    [InlineData("EC", "y", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyA")]
    [InlineData("RSA", "d", "AQAB")]
    [InlineData("RSA", "n", Of1024Bits)]
    public async Task K_39_L8_refuses_keys_that_are_private_weak_or_none(string kind, string member, string value)
    {
        using var key = new ClientKey(kind == "EC" ? "ES256" : "RS256");
        var jwk = key.Jwk;
        jwk[member] = value;
        await AssertRefusedAsync(
            new JsonObject
            {
                ["token_endpoint_auth_method"] = "private_key_jwt",
                ["jwks"] = new JsonObject { ["keys"] = new JsonArray(jwk) },
            }.ToJsonString(),
            "invalid_client_metadata"
        );
    }

    [Fact]
    public async Task L4_refuses_a_heap_of_keys()
    {
        JsonObject[] keys =
        [
            .. Enumerable
                .Range(0, 6)
                .Select(i =>
                {
                    using var key = new ClientKey();
                    var jwk = key.Jwk;
                    jwk["kid"] = $"{i}";
                    return jwk;
                }),
        ];
        await AssertRefusedAsync(
            new JsonObject { ["jwks"] = new JsonObject { ["keys"] = new JsonArray([.. keys]) } }.ToJsonString(),
            "invalid_client_metadata"
        );
    }

    [Fact]
    public async Task D_07_manages_with_a_token_of_the_servers_own_making()
    {
        var answer = await RegisterAsync(
            new()
            {
                ["registration_access_token"] = "chosen",
                ["registration_client_uri"] = "https://evil.example/",
                ["jwks_uri"] = "",
            }
        );
        Assert.Matches("^[A-Za-z0-9_-]{43,}$", (string?)answer["registration_access_token"]);
        Assert.Equal($"{server.Issuer}/register/{(string?)answer["client_id"]}", (string?)answer["registration_client_uri"]);
    }

    [Theory]
    [InlineData("\"eyJhbGciOiJub25lIn0.eyJzb2Z0d2FyZV9pZCI6IngifQ.\"")]
    [InlineData("\"anything\"")]
    public Task D_18_refuses_a_software_statement(string statement) =>
        AssertRefusedAsync($$"""{"software_statement":{{statement}}}""", "invalid_software_statement");

    private static JsonObject Good(JsonObject members)
    {
        var metadata = new JsonObject { ["redirect_uris"] = new JsonArray(TestClient.RedirectUri) };
        foreach (var (name, value) in members)
            metadata[name] = value?.DeepClone();
        return metadata;
    }

    private async Task<JsonObject> RegisterAsync(JsonObject members)
    {
        using var http = server.Http();
        using var response = await http.PostAsJsonAsync("/register", Good(members), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return await response.JsonAsync();
    }

    private async Task AssertRefusedAsync(string members, string error)
    {
        var before = await CountAsync();
        using var http = server.Http();
        using var response = await http.PostAsJsonAsync(
            "/register",
            Good((JsonObject)JsonNode.Parse(members)!),
            TestContext.Current.CancellationToken
        );
        await response.AssertErrorAsync(400, error);
        Assert.Equal(before, await CountAsync());
    }

    private Task<int> CountAsync() => server.InDatabaseAsync(db => db.Clients.CountAsync(TestContext.Current.CancellationToken));
}
