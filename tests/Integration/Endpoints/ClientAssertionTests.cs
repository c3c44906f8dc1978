using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Clients that sign an assertion: the keys of their registration, this server, now, and once.</summary>
public sealed class ClientAssertionTests(SharedServer shared) : IClassFixture<SharedServer>, IDisposable
{
    private readonly TestServer server = shared.Server;
    private readonly ClientKey key = new();

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task Signs_in_and_refreshes_with_assertions_alone(string algorithm)
    {
        using var own = new ClientKey(algorithm);
        using var client = await own.RegisterAsync(server, ("token_endpoint_auth_signing_alg", algorithm));
        Assert.Null(client.Secret);
        using var exchanged = await client.ExchangeAsync(await client.CodeAsync(), own.Assertion(server, client.Id));
        Assert.Equal(HttpStatusCode.OK, exchanged.StatusCode);
        var refreshToken = (string)(await exchanged.JsonAsync())["refresh_token"]!;
        using var refreshed = await client.RefreshAsync(refreshToken, [("client_id", null), .. own.Assertion(server, client.Id)]);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        Assert.True(await server.AcceptsAsync((string)(await refreshed.JsonAsync())["access_token"]!));
    }

    [Theory]
    [InlineData("exp", -1)]
    [InlineData("exp", 0)]
    [InlineData("exp", 660)]
    [InlineData("exp", 31_536_000)]
    [InlineData("nbf", 70)]
    [InlineData("iat", 70)]
    public async Task T_19_refuses_a_time_that_is_not_now(string claim, int seconds) =>
        await AssertRefusedAsync(claims: [(claim, Now + seconds)]);

    [Theory]
    [InlineData("nbf", 9)]
    [InlineData("iat", 9)]
    [InlineData("nbf", -600)]
    [InlineData("exp", 300)]
    public async Task T_19_accepts_a_clock_that_is_a_little_ahead(string claim, int seconds)
    {
        using var client = await key.RegisterAsync(server);
        await AssertAuthenticatesAsync(client, key.Assertion(server, client.Id, [(claim, Now + seconds)]));
    }

    [Theory]
    [InlineData("exp", null)]
    [InlineData("jti", null)]
    [InlineData("jti", "\"\"")]
    [InlineData("sub", null)]
    [InlineData("sub", "\"cli_another\"")]
    [InlineData("iss", null)]
    [InlineData("iss", "\"cli_another\"")]
    [InlineData("aud", null)]
    [InlineData("aud", "\"https://other.example\"")]
    [InlineData("aud", "\"{issuer}/\"")]
    [InlineData("aud", "\"{issuer}/mcp\"")]
    [InlineData("aud", "\"{issuer}/introspect\"")]
    [InlineData("aud", "\"{issuer}/register\"")]
    [InlineData("aud", """["{issuer}"]""")]
    [InlineData("aud", """["{issuer}","https://other.example"]""")]
    public async Task T_19_refuses_another_claim_than_the_right_one(string claim, string? value) =>
        await AssertRefusedAsync(
            claims: [(claim, value is null ? null : JsonNode.Parse(value.Replace("{issuer}", server.Issuer, StringComparison.Ordinal)))]
        );

    [Theory]
    [InlineData("kid", "\"another\"")]
    [InlineData("jku", "\"https://evil.example/jwks.json\"")]
    [InlineData("x5u", "\"https://evil.example/key.pem\"")]
    [InlineData("x5c", """["MIIB"]""")]
    [InlineData("crit", """["urn:example:unknown"]""")]
    [InlineData("alg", "\"RS256\"")]
    [InlineData("alg", "\"ES384\"")]
    public async Task T_19_refuses_another_header_than_the_right_one(string name, string value) =>
        await AssertRefusedAsync(header: [(name, JsonNode.Parse(value))]);

    [Fact]
    public async Task T_19_refuses_a_key_that_comes_with_the_assertion()
    {
        using var client = await key.RegisterAsync(server);
        using var stranger = new ClientKey();
        await AssertRefusedAsync(client, stranger.Assertion(server, client.Id, header: [("jwk", stranger.Jwk)]));
        await AssertRefusedAsync(client, key.Assertion(server, client.Id, header: [("jwk", key.Jwk)]));
        await AssertAuthenticatesAsync(client, key.Assertion(server, client.Id));
    }

    [Fact]
    public async Task T_19_refuses_the_key_and_the_name_of_another_client()
    {
        using var client = await key.RegisterAsync(server);
        using var stranger = new ClientKey();
        using var other = await stranger.RegisterAsync(server);
        await AssertRefusedAsync(client, stranger.Assertion(server, client.Id));
        await AssertRefusedAsync(client, stranger.Assertion(server, other.Id));
        await AssertAuthenticatesAsync(other, stranger.Assertion(server, other.Id));
    }

    [Fact]
    public async Task T_19_refuses_what_is_not_signed_with_the_private_key()
    {
        using var client = await key.RegisterAsync(server);
        var claims = ClientKey.Claims(server, client.Id);
        var publicKey = Encoding.UTF8.GetBytes(key.Jwks.ToJsonString());
        await AssertRefusedAsync(client, ClientKey.Fields(ForgedToken.Assemble(ClientKey.Header("none"), claims, _ => [])));
        await AssertRefusedAsync(
            client,
            ClientKey.Fields(ForgedToken.Assemble(ClientKey.Header("HS256"), claims, input => HMACSHA256.HashData(publicKey, input)))
        );
        await AssertRefusedAsync(client, ClientKey.Fields(ForgedToken.Assemble(ClientKey.Header(), claims, _ => new byte[64])));
        await AssertRefusedAsync(client, ClientKey.Fields("not a token"));
        await AssertAuthenticatesAsync(client, ClientKey.Fields(ForgedToken.Assemble(ClientKey.Header(), claims, key.Sign)));
    }

    [Theory]
    [InlineData("RS256", "PS256")]
    [InlineData("PS256", "RS256")]
    public async Task T_19_refuses_another_algorithm_than_the_registered_one(string registered, string used)
    {
        using var own = new ClientKey(used);
        using var client = await own.RegisterAsync(server, ("token_endpoint_auth_signing_alg", registered));
        await AssertRefusedAsync(client, own.Assertion(server, client.Id));
        using var free = await own.RegisterAsync(server);
        await AssertAuthenticatesAsync(free, own.Assertion(server, free.Id));
    }

    [Fact]
    public async Task T_19_takes_an_assertion_once_and_of_each_client()
    {
        using var client = await key.RegisterAsync(server);
        using var other = await key.RegisterAsync(server);
        var assertion = key.Assertion(server, client.Id, [("jti", "the-same")]);
        await AssertAuthenticatesAsync(client, assertion);
        await AssertRefusedAsync(client, assertion);
        await AssertRefusedAsync(client, key.Assertion(server, client.Id, [("jti", "the-same"), ("iat", Now - 5)]));
        await AssertAuthenticatesAsync(other, key.Assertion(server, other.Id, [("jti", "the-same")]));
        await AssertAuthenticatesAsync(client, key.Assertion(server, client.Id));
    }

    [Fact]
    public async Task T_19_lets_one_of_16_parallel_uses_win()
    {
        using var client = await key.RegisterAsync(server);
        var assertion = key.Assertion(server, client.Id);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => client.RefreshAsync("unknown", assertion)));
        Assert.Equal(
            HttpStatusCode.BadRequest,
            Assert.Single(answers, answer => answer.StatusCode != HttpStatusCode.Unauthorized).StatusCode
        );
        await answers.Single(answer => answer.StatusCode == HttpStatusCode.BadRequest).AssertErrorAsync(400, "invalid_grant");
        foreach (var loser in answers.Where(answer => answer.StatusCode == HttpStatusCode.Unauthorized))
            await loser.AssertErrorAsync(401, "invalid_client");
    }

    [Theory]
    [InlineData("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer")]
    [InlineData("client_assertion_type", null)]
    [InlineData("client_assertion", null)]
    public async Task T_19_refuses_half_an_assertion(string field, string? value)
    {
        using var client = await key.RegisterAsync(server);
        await AssertRefusedAsync(client, [.. key.Assertion(server, client.Id), (field, value)]);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    public async Task T_18_refuses_another_method_of_a_client_that_signs(string used)
    {
        using var client = await key.RegisterAsync(server);
        using var misused = new TestClient(server, client.Id, "a-secret-that-nobody-issued", used);
        await (await misused.RefreshAsync("unknown")).AssertErrorAsync(401, "invalid_client");
    }

    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    public async Task T_14_refuses_a_secret_beside_a_good_assertion(string method)
    {
        using var client = await key.RegisterAsync(server);
        using var both = new TestClient(server, client.Id, "a-secret-that-nobody-issued", method);
        var assertion = key.Assertion(server, client.Id);
        await (await both.RefreshAsync("unknown", assertion)).AssertErrorAsync(400, "invalid_request");
        await AssertAuthenticatesAsync(client, assertion);
    }

    public void Dispose() => key.Dispose();

    private long Now => server.Clock.GetUtcNow().ToUnixTimeSeconds();

    private async Task AssertRefusedAsync((string Name, JsonNode? Value)[]? claims = null, (string Name, JsonNode? Value)[]? header = null)
    {
        using var client = await key.RegisterAsync(server);
        await AssertRefusedAsync(client, key.Assertion(server, client.Id, claims, header));
        await AssertAuthenticatesAsync(client, key.Assertion(server, client.Id));
    }

    private static async Task AssertRefusedAsync(TestClient client, (string, string?)[] assertion) =>
        await (await client.RefreshAsync("unknown", assertion)).AssertErrorAsync(401, "invalid_client");

    // An unknown refresh token is what is looked at next: the client has proven itself.
    private static async Task AssertAuthenticatesAsync(TestClient client, (string, string?)[] assertion) =>
        await (await client.RefreshAsync("unknown", assertion)).AssertErrorAsync(400, "invalid_grant");
}
