using System.Net;
using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>grant_type=authorization_code: one code, one client, one proof, one use.</summary>
public sealed class CodeExchangeTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Fact]
    public async Task T_01_answers_with_tokens()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await client.ExchangeAsync(await client.CodeAsync());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);

        var tokens = await response.JsonAsync();
        Assert.Equal(["access_token", "token_type", "expires_in", "refresh_token", "scope"], tokens.Select(member => member.Key));
        Assert.Equal("Bearer", (string?)tokens["token_type"]);
        Assert.Equal(3600, (int)tokens["expires_in"]!);
        Assert.Equal("mcp.read mcp.write", (string?)tokens["scope"]);
        Assert.True(await server.AcceptsAsync((string)tokens["access_token"]!));
    }

    [Fact]
    public async Task T_01_the_access_token_is_an_RFC_9068_one()
    {
        using var client = await TestClient.RegisterAsync(server);
        var token = (await client.SignInAsync()).Access;
        Assert.Equal("at+jwt", (string?)ForgedToken.Header(token)["typ"]);
        Assert.Equal("ES256", (string?)ForgedToken.Header(token)["alg"]);
        var claims = ForgedToken.Claims(token);
        Assert.Equal(server.Issuer, (string?)claims["iss"]);
        Assert.Equal(server.Resource, (string?)claims["aud"]);
        Assert.StartsWith("usr_", (string?)claims["sub"], StringComparison.Ordinal);
        Assert.Equal(client.Id, (string?)claims["client_id"]);
        Assert.Equal("mcp.read mcp.write", (string?)claims["scope"]);
        Assert.Equal(3600, (long)claims["exp"]! - (long)claims["iat"]!);
    }

    [Fact]
    public async Task T_06_refuses_a_missing_or_wrong_verifier_and_keeps_the_code()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var other = await TestClient.RegisterAsync(server);
        var code = await client.CodeAsync();
        foreach (
            var verifier in new[]
            {
                null,
                "",
                "x",
                client.Verifier[..42],
                client.Verifier + new string('a', 86),
                client.Challenge,
                other.Verifier,
                client.Verifier.ToUpperInvariant(),
                client.Verifier + " ",
            }
        )
            await (await client.ExchangeAsync(code, ("code_verifier", verifier))).AssertErrorAsync(400, "invalid_grant");
        Assert.Equal(HttpStatusCode.OK, (await client.ExchangeAsync(code)).StatusCode);
    }

    [Theory]
    [InlineData(42)]
    [InlineData(129)]
    public async Task T_06_refuses_a_verifier_of_a_wrong_length_even_if_it_matches(int length)
    {
        using var client = await TestClient.RegisterAsync(server);
        var verifier = new string('v', length);
        var challenge = System.Buffers.Text.Base64Url.EncodeToString(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(verifier))
        );
        var code = await client.CodeAsync("alice", ("code_challenge", challenge));
        await (await client.ExchangeAsync(code, ("code_verifier", verifier))).AssertErrorAsync(400, "invalid_grant");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    public async Task T_07_refuses_the_code_of_another_client_and_revokes_nothing(string method)
    {
        using var owner = await TestClient.RegisterAsync(server);
        using var thief = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", method));
        var code = await owner.CodeAsync();
        await (await thief.ExchangeAsync(code, ("code_verifier", owner.Verifier))).AssertErrorAsync(400, "invalid_grant");

        using var response = await owner.ExchangeAsync(code);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(await server.AcceptsAsync((string)(await response.JsonAsync())["access_token"]!));
    }

    [Theory]
    [InlineData("http://127.0.0.1:7777/callback/")]
    [InlineData("http://127.0.0.1:7778/callback")]
    [InlineData("http://127.0.0.1:7777/Callback")]
    [InlineData("http://127.0.0.1:7777/other")]
    [InlineData("https://evil.example/callback")]
    public async Task T_08_refuses_a_redirect_uri_that_differs(string redirectUri)
    {
        using var client = await TestClient.RegisterAsync(
            server,
            ("redirect_uris", new JsonArray(TestClient.RedirectUri, "http://127.0.0.1:7777/other"))
        );
        var code = await client.CodeAsync();
        await (await client.ExchangeAsync(code, ("redirect_uri", redirectUri))).AssertErrorAsync(400, "invalid_grant");
        Assert.Equal(HttpStatusCode.OK, (await client.ExchangeAsync(code)).StatusCode);
    }

    [Fact]
    public async Task T_08_does_not_ask_for_the_redirect_uri()
    {
        using var client = await TestClient.RegisterAsync(server);
        Assert.Equal(HttpStatusCode.OK, (await client.ExchangeAsync(await client.CodeAsync(), ("redirect_uri", null))).StatusCode);
    }

    [Fact]
    public async Task Refuses_another_resource_and_keeps_the_code()
    {
        using var client = await TestClient.RegisterAsync(server);
        var code = await client.CodeAsync();
        await (await client.ExchangeAsync(code, ("resource", "https://other.example/mcp"))).AssertErrorAsync(400, "invalid_target");
        Assert.Equal(HttpStatusCode.OK, (await client.ExchangeAsync(code, ("resource", null))).StatusCode);
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(61, false)]
    public async Task T_10_a_code_lives_for_a_minute(int seconds, bool isAlive)
    {
        await using var own = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(own);
        var code = await client.CodeAsync();
        own.Clock.Advance(TimeSpan.FromSeconds(seconds));
        using var response = await client.ExchangeAsync(code);
        if (isAlive)
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        else
            await response.AssertErrorAsync(400, "invalid_grant");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(61)]
    public async Task T_11_a_replay_costs_every_token_of_the_grant_even_after_the_code_expired(int secondsLater)
    {
        await using var own = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(own);
        var (access, code, refresh) = await RedeemAsync(client);
        using var rotated = await client.RefreshAsync(refresh);
        var second = await rotated.JsonAsync();
        Assert.True(await own.AcceptsAsync(access));

        own.Clock.Advance(TimeSpan.FromSeconds(secondsLater));
        await (await client.ExchangeAsync(code)).AssertErrorAsync(400, "invalid_grant");
        Assert.False(await own.AcceptsAsync(access));
        Assert.False(await own.AcceptsAsync((string)second["access_token"]!));
        await (await client.RefreshAsync((string)second["refresh_token"]!)).AssertErrorAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task T_11_a_replay_leaves_other_grants_alone()
    {
        using var client = await TestClient.RegisterAsync(server);
        var (_, code, _) = await RedeemAsync(client);
        var other = (await client.SignInAsync()).Access;
        await (await client.ExchangeAsync(code)).AssertErrorAsync(400, "invalid_grant");
        Assert.True(await server.AcceptsAsync(other));
    }

    [Fact]
    public async Task T_12_an_unproven_replay_costs_nothing()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var thief = await TestClient.RegisterAsync(server);
        var (access, code, refresh) = await RedeemAsync(client);
        await (await client.ExchangeAsync(code, ("code_verifier", thief.Verifier))).AssertErrorAsync(400, "invalid_grant");
        await (await client.ExchangeAsync(code, ("redirect_uri", "https://evil.example/"))).AssertErrorAsync(400, "invalid_grant");
        await (await thief.ExchangeAsync(code, ("code_verifier", client.Verifier))).AssertErrorAsync(400, "invalid_grant");
        Assert.True(await server.AcceptsAsync(access));
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(refresh)).StatusCode);
    }

    [Fact]
    public async Task T_13_one_of_many_redemptions_at_once_succeeds_and_its_tokens_die()
    {
        using var client = await TestClient.RegisterAsync(server);
        var code = await client.CodeAsync();
        var responses = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => client.ExchangeAsync(code)));
        var winner = Assert.Single(responses, response => response.StatusCode == HttpStatusCode.OK);
        foreach (var loser in responses.Where(response => response != winner))
            await loser.AssertErrorAsync(400, "invalid_grant");
        Assert.False(await server.AcceptsAsync((string)(await winner.JsonAsync())["access_token"]!));
    }

    private static async Task<(string Access, string Code, string Refresh)> RedeemAsync(TestClient client)
    {
        var code = await client.CodeAsync();
        using var response = await client.ExchangeAsync(code);
        var tokens = await response.JsonAsync();
        return ((string)tokens["access_token"]!, code, (string)tokens["refresh_token"]!);
    }
}
