using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>How a client proves itself at /token: its registered method, once, and nothing else.</summary>
public sealed class ClientAuthenticationTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("none")]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    public async Task Accepts_each_registered_method(string method)
    {
        using var client = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", method));
        Assert.Equal(HttpStatusCode.OK, (await client.ExchangeAsync(await client.CodeAsync())).StatusCode);
    }

    [Theory]
    [InlineData("client_secret_basic", "client_secret")]
    [InlineData("client_secret_basic", "client_assertion")]
    [InlineData("client_secret_post", "client_assertion")]
    public async Task T_14_refuses_two_methods_at_once_and_keeps_the_code(string method, string second)
    {
        using var client = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", method));
        var code = await client.CodeAsync();
        (string, string?)[] extra =
            second == "client_secret" ? [(second, client.Secret)] : [(second, "e30.e30.AA"), ("client_assertion_type", AssertionType)];
        await (await client.ExchangeAsync(code, extra)).AssertErrorAsync(400, "invalid_request");
        Assert.Equal(HttpStatusCode.OK, (await client.ExchangeAsync(code)).StatusCode);
    }

    [Theory]
    [InlineData("basic")]
    [InlineData("BASIC")]
    [InlineData("bAsIc")]
    public async Task T_15_reads_the_scheme_in_any_case(string scheme)
    {
        using var client = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", "client_secret_basic"));
        Assert.Equal(
            HttpStatusCode.OK,
            (await BasicAsync(await client.CodeAsync(), client, scheme, $"{client.Id}:{client.Secret}")).StatusCode
        );
    }

    [Theory]
    [InlineData("{id}:wrong")]
    [InlineData("{id}:")]
    [InlineData("{id}")]
    [InlineData(":{secret}")]
    [InlineData("{secret}:{id}")]
    [InlineData("{id}:{secret}x")]
    [InlineData("{id}: {secret}")]
    [InlineData("")]
    public async Task T_15_refuses_wrong_credentials(string credentials)
    {
        using var client = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", "client_secret_basic"));
        var filled = credentials
            .Replace("{id}", client.Id, StringComparison.Ordinal)
            .Replace("{secret}", client.Secret, StringComparison.Ordinal);
        var code = await client.CodeAsync();
        await AssertInvalidClientAsync(await BasicAsync(code, client, "Basic", filled));
        Assert.Equal(HttpStatusCode.OK, (await client.ExchangeAsync(code)).StatusCode);
    }

    [Theory]
    [InlineData("Basic !!!")]
    [InlineData("Basic YWJj=")]
    [InlineData("Basic /w==")]
    [InlineData("Basic")]
    public async Task T_15_refuses_a_header_that_cannot_be_read(string authorization)
    {
        using var client = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", "client_secret_basic"));
        await AssertInvalidClientAsync(await PostAsync($"grant_type=authorization_code&code=x&client_id={client.Id}", authorization));
    }

    [Fact]
    public async Task Refuses_a_body_that_names_another_client_than_the_header()
    {
        using var client = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", "client_secret_basic"));
        using var other = await TestClient.RegisterAsync(server);
        var code = await client.CodeAsync();
        await (await client.ExchangeAsync(code, ("client_id", other.Id))).AssertErrorAsync(400, "invalid_request");
        Assert.Equal(HttpStatusCode.OK, (await client.ExchangeAsync(code, ("client_id", client.Id))).StatusCode);
    }

    [Fact]
    public async Task T_17_answers_every_failure_alike()
    {
        using var confidential = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", "client_secret_post"));
        using var open = await TestClient.RegisterAsync(server);
        string[] failures =
        [
            "client_id=cli_unknown",
            "client_id=cli_unknown&client_secret=x",
            $"client_id={confidential.Id}&client_secret=wrong",
            $"client_id={confidential.Id}&client_secret={confidential.Id}",
            $"client_id={open.Id}&client_secret=x",
            $"client_id={confidential.Id}",
            "client_secret=x",
            "",
            $"client_id={new string('a', 4096)}",
            "client_id=' OR 1=1 --",
        ];
        List<string> bodies = [];
        foreach (var failure in failures)
        {
            using var response = await PostAsync($"grant_type=authorization_code&code=x&code_verifier=y&{failure}", null);
            await AssertInvalidClientAsync(response);
            var body = await response.JsonAsync();
            Assert.Matches("^[0-9a-f]{32}$", (string?)body["trace_id"]);
            body["trace_id"] = ""; // each has its own
            bodies.Add(body.ToJsonString());
        }

        Assert.Single(bodies.Distinct());
    }

    [Theory]
    [InlineData("none", "client_secret_basic")]
    [InlineData("none", "client_secret_post")]
    [InlineData("none", "private_key_jwt")]
    [InlineData("client_secret_basic", "none")]
    [InlineData("client_secret_basic", "client_secret_post")]
    [InlineData("client_secret_basic", "private_key_jwt")]
    [InlineData("client_secret_post", "none")]
    [InlineData("client_secret_post", "client_secret_basic")]
    [InlineData("client_secret_post", "private_key_jwt")]
    public async Task T_18_refuses_another_method_than_the_registered_one(string registered, string used)
    {
        using var client = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", registered));
        using var misused = new TestClient(server, client.Id, client.Secret ?? "x", used);
        (string, string?)[] assertion =
            used == "private_key_jwt" ? [("client_assertion", "e30.e30.AA"), ("client_assertion_type", AssertionType)] : [];
        var code = await client.CodeAsync();
        await AssertInvalidClientAsync(await misused.ExchangeAsync(code, [("code_verifier", client.Verifier), .. assertion]));
        Assert.Equal(HttpStatusCode.OK, (await client.ExchangeAsync(code)).StatusCode);
    }

    [Fact]
    public async Task T_21_refuses_a_code_of_a_user_who_was_disabled()
    {
        await using var own = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(own);
        var code = await client.CodeAsync("bob");
        await own.DisableUserAsync("bob");
        await (await client.ExchangeAsync(code)).AssertErrorAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task T_21_refuses_a_code_of_a_withdrawn_grant()
    {
        using var client = await TestClient.RegisterAsync(server);
        var code = await client.CodeAsync();
        await server.WithdrawGrantsAsync(client.Id);
        await (await client.ExchangeAsync(code)).AssertErrorAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task T_21_refuses_a_client_that_was_disabled()
    {
        using var client = await TestClient.RegisterAsync(server);
        var code = await client.CodeAsync();
        await server.DisableClientAsync(client.Id);
        await AssertInvalidClientAsync(await client.ExchangeAsync(code));
    }

    private Task<HttpResponseMessage> BasicAsync(string code, TestClient client, string scheme, string credentials) =>
        PostAsync(
            $"grant_type=authorization_code&code={code}&code_verifier={client.Verifier}",
            $"{scheme} {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}"
        );

    private Task<HttpResponseMessage> PostAsync(string form, string? authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/token")
        {
            Content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        };
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return server.SendAsync(request);
    }

    private static async Task AssertInvalidClientAsync(HttpResponseMessage response)
    {
        await response.AssertErrorAsync(401, "invalid_client");
        Assert.Equal("Basic", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
    }
}
