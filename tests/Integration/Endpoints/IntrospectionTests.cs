using System.Net;
using System.Text;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>POST /introspect: who may ask, and what is said of a token.</summary>
public sealed class IntrospectionTests(ConfiguredServer configured) : IClassFixture<ConfiguredServer>
{
    private const string Inactive = """{"active":false}""";
    private readonly TestServer server = configured.Server;

    [Fact]
    public async Task I_05_says_of_a_live_token_what_a_resource_server_needs_and_no_more()
    {
        using var client = await TestClient.RegisterAsync(server);
        var token = (await client.SignInAsync()).Access;
        using var reporter = configured.Reporter();
        using var response = await reporter.IntrospectAsync(token);
        AssertAnswer(response);
        var answer = await response.JsonAsync();
        Assert.Equal(["active", "aud", "client_id", "exp", "iat", "iss", "scope", "sub"], answer.Select(member => member.Key).Order());
        Assert.True((bool)answer["active"]!);
        var claims = ForgedToken.Claims(token);
        foreach (var name in new[] { "aud", "client_id", "exp", "iat", "iss", "scope", "sub" })
            Assert.Equal(claims[name]!.ToJsonString(), answer[name]!.ToJsonString());
    }

    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    [InlineData("private_key_jwt")]
    public async Task I_05_answers_each_method_a_client_may_prove_itself_by(string method)
    {
        using var client =
            method == "private_key_jwt"
                ? await configured.Key.RegisterAsync(server)
                : await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", method));
        (string, string?)[] Proof() =>
            method switch
            {
                "private_key_jwt" => configured.Key.Assertion(server, client.Id),
                "client_secret_post" => [("client_id", client.Id), ("client_secret", client.Secret)],
                _ => [],
            };
        using var exchanged = await client.ExchangeAsync(await client.CodeAsync(), Proof());
        var token = (string)(await exchanged.JsonAsync())["access_token"]!;
        using var response = await client.IntrospectAsync(token, Proof());
        Assert.True((bool)(await response.JsonAsync())["active"]!);
    }

    [Fact]
    public async Task I_02_says_nothing_of_a_token_that_is_no_more()
    {
        await using var own = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(own, ("token_endpoint_auth_method", "client_secret_basic"));
        var (access, refresh) = await client.SignInAsync();
        var (revoked, _) = await client.SignInAsync();
        var (ofDisabled, _) = await client.SignInAsync("bob");
        await client.RevokeAsync(revoked);
        await own.DisableUserAsync("bob");
        foreach (var token in new[] { revoked, ofDisabled })
            await AssertInactiveAsync(await client.IntrospectAsync(token));

        Assert.True((bool)(await (await client.IntrospectAsync(access)).JsonAsync())["active"]!);
        await client.RevokeAsync(refresh);
        await AssertInactiveAsync(await client.IntrospectAsync(access));
    }

    [Fact]
    public async Task I_02_says_nothing_of_an_expired_token()
    {
        await using var own = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(own, ("token_endpoint_auth_method", "client_secret_basic"));
        var (access, _) = await client.SignInAsync();
        own.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.True((bool)(await (await client.IntrospectAsync(access)).JsonAsync())["active"]!);
        own.Clock.Advance(TimeSpan.FromMinutes(1));
        await AssertInactiveAsync(await client.IntrospectAsync(access));
    }

    [Fact]
    public async Task I_02_says_nothing_of_what_is_no_access_token_of_this_resource()
    {
        using var client = await TestClient.RegisterAsync(server);
        var (access, refresh) = await client.SignInAsync();
        var key = ForgedToken.Key(server);
        string[] tokens =
        [
            "x",
            "e30.e30.AA",
            "{\"active\":true}",
            new string('a', 8000),
            refresh,
            access[..^5],
            access + "A",
            access.ToUpperInvariant(),
            ForgedToken.Resign(server, access, ("aud", "https://other.example/mcp")),
            ForgedToken.Resign(server, access, ("aud", server.Issuer)),
            ForgedToken.Resign(server, access, ("iss", "https://other.example")),
            ForgedToken.Resign(server, access, ("exp", null)),
            ForgedToken.Sign(key, ForgedToken.Claims(access), "JWT"),
        ];
        using var reporter = configured.Reporter();
        foreach (var token in tokens)
            await AssertInactiveAsync(await reporter.IntrospectAsync(token));
        Assert.True((bool)(await (await reporter.IntrospectAsync(access)).JsonAsync())["active"]!);
    }

    [Fact]
    public async Task I_02_says_nothing_to_a_client_of_its_own_making_of_the_tokens_of_others()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var nosy = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", "client_secret_basic"));
        var (access, _) = await client.SignInAsync();
        await AssertInactiveAsync(await nosy.IntrospectAsync(access));
        var (own, _) = await nosy.SignInAsync();
        Assert.True((bool)(await (await nosy.IntrospectAsync(own)).JsonAsync())["active"]!);
    }

    [Fact]
    public async Task I_02_says_nothing_of_a_machine_token_that_was_revoked()
    {
        using var reporter = configured.Reporter();
        var token = await reporter.MachineTokenAsync();
        Assert.True((bool)(await (await reporter.IntrospectAsync(token)).JsonAsync())["active"]!);
        await reporter.RevokeAsync(token);
        await AssertInactiveAsync(await reporter.IntrospectAsync(token));
    }

    [Theory]
    [InlineData("access_token")]
    [InlineData("refresh_token")]
    [InlineData("anything")]
    [InlineData("")]
    public async Task I_04_answers_alike_whatever_the_hint(string hint)
    {
        using var reporter = configured.Reporter();
        var token = await reporter.MachineTokenAsync();
        using var plain = await reporter.IntrospectAsync(token);
        using var hinted = await reporter.IntrospectAsync(token, ("token_type_hint", hint));
        Assert.Equal((await plain.JsonAsync()).ToJsonString(), (await hinted.JsonAsync()).ToJsonString());
        await AssertInactiveAsync(await reporter.IntrospectAsync("x", ("token_type_hint", hint)));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("public")]
    [InlineData("wrong secret")]
    [InlineData("bearer")]
    [InlineData("unknown")]
    public async Task I_01_refuses_whoever_does_not_prove_itself(string how)
    {
        using var client = await TestClient.RegisterAsync(server);
        var (access, _) = await client.SignInAsync();
        using var wrong = new TestClient(server, "reporter", "wrong", "client_secret_basic");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/introspect")
        {
            Content = new FormUrlEncodedContent([new("token", access)]),
        };
        request.Headers.Authorization = new("Bearer", access);
        using var response = how switch
        {
            "public" => await client.IntrospectAsync(access, ("client_id", client.Id)),
            "wrong secret" => await wrong.IntrospectAsync(access),
            "bearer" => await server.SendAsync(request),
            "unknown" => await client.IntrospectAsync(access, ("client_id", "cli_unknown"), ("client_secret", "x")),
            _ => await client.IntrospectAsync(access),
        };
        await response.AssertErrorAsync(401, "invalid_client");
    }

    [Theory]
    [InlineData("", "application/x-www-form-urlencoded")]
    [InlineData("token=", "application/x-www-form-urlencoded")]
    [InlineData("token=a&token=b", "application/x-www-form-urlencoded")]
    [InlineData("{\"token\":\"a\"}", "application/json")]
    public async Task I_07_refuses_a_malformed_request(string body, string contentType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/introspect")
        {
            Content = new StringContent(body, Encoding.UTF8, contentType),
        };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"reporter:{ConfiguredServer.Secret}")));
        using var response = await server.SendAsync(request);
        await response.AssertErrorAsync(400, "invalid_request");
    }

    [Fact]
    public async Task I_07_allows_POST_alone()
    {
        using var response = await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/introspect?token=x"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Contains("POST", response.Content.Headers.Allow);
    }

    private static void AssertAnswer(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    private static async Task AssertInactiveAsync(HttpResponseMessage response)
    {
        AssertAnswer(response);
        Assert.Equal(Inactive, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
