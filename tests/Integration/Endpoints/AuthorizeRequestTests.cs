using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>What GET /authorize takes and refuses, parameter by parameter.</summary>
public sealed class AuthorizeRequestTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Challenge43 = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("cli_unknown")]
    [InlineData("cli_\0")]
    [InlineData("<script>evil</script>")]
    [InlineData("https://evil.example/client.json")]
    public async Task A_01_refuses_an_unknown_client_id(string? clientId)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await AuthorizeAsync(client, ("client_id", clientId));
        var page = await response.AssertPageAsync();
        Assert.DoesNotContain("evil", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_01_refuses_a_client_id_that_differs_in_case()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await AuthorizeAsync(client, ("client_id", client.Id.ToUpperInvariant()));
        await response.AssertPageAsync();
    }

    [Theory]
    [InlineData("client_id", "")]
    [InlineData("client_id", "state=again&")]
    [InlineData("CLIENT_ID", "scope=again&")]
    [InlineData("redirect_uri", "")]
    [InlineData("redirect_uri", "state=again&")]
    public async Task A_07_redirects_nowhere_when_client_or_redirect_uri_come_twice(string name, string before)
    {
        using var client = await TestClient.RegisterAsync(server);
        var url = client.AuthorizationUrl().Replace("/authorize?", "/authorize?" + before, StringComparison.Ordinal);
        using var response = await client.Http.GetAsync($"{url}&{name}=other", TestContext.Current.CancellationToken);
        await response.AssertPageAsync();
    }

    [Theory]
    [InlineData("response_type=code")]
    [InlineData("scope=mcp.read")]
    [InlineData("scope=")]
    [InlineData("code_challenge=" + Challenge43)]
    [InlineData("code_challenge_method=S256")]
    [InlineData("prompt=login&prompt=login")]
    [InlineData("nonce=1&nonce=2")]
    public async Task A_07_refuses_a_parameter_that_comes_twice(string more)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await client.Http.GetAsync($"{client.AuthorizationUrl()}&{more}", TestContext.Current.CancellationToken);
        response.AssertErrorRedirect(server, "invalid_request");
    }

    [Fact]
    public async Task A_07_takes_resource_twice()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await client.Http.GetAsync(
            $"{client.AuthorizationUrl()}&resource={server.Issuer}",
            TestContext.Current.CancellationToken
        );
        response.AssertAccepted();
    }

    [Theory]
    [InlineData(null, "invalid_request")]
    [InlineData("", "invalid_request")]
    [InlineData("token", "unsupported_response_type")]
    [InlineData("id_token", "unsupported_response_type")]
    [InlineData("code token", "unsupported_response_type")]
    [InlineData("CODE", "unsupported_response_type")]
    public async Task A_08_serves_response_type_code_alone(string? responseType, string error)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await AuthorizeAsync(client, ("response_type", responseType));
        response.AssertErrorRedirect(server, error);
    }

    [Theory]
    [InlineData("none", null)]
    [InlineData("none", "")]
    [InlineData("client_secret_basic", null)]
    [InlineData("client_secret_post", null)]
    public async Task A_09_asks_every_client_for_a_challenge(string authMethod, string? challenge)
    {
        using var client = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", authMethod));
        using var response = await AuthorizeAsync(client, ("code_challenge", challenge));
        response.AssertErrorRedirect(server, "invalid_request");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("s256")]
    [InlineData("S512")]
    public async Task A_10_takes_S256_alone(string? method)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await AuthorizeAsync(client, ("code_challenge_method", method));
        response.AssertErrorRedirect(server, "invalid_request");
    }

    [Theory]
    [InlineData(42, "")]
    [InlineData(129, "")]
    [InlineData(43, "=")]
    [InlineData(43, "+")]
    [InlineData(43, "/")]
    [InlineData(43, " ")]
    [InlineData(43, "\n")]
    [InlineData(43, "ä")]
    public async Task A_11_refuses_a_malformed_challenge(int length, string ending)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await AuthorizeAsync(client, ("code_challenge", new string('a', length - ending.Length) + ending));
        response.AssertErrorRedirect(server, "invalid_request");
    }

    [Theory]
    [InlineData(43)]
    [InlineData(128)]
    public async Task A_11_takes_a_challenge_at_either_bound(int length)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await AuthorizeAsync(client, ("code_challenge", "-._~".PadRight(length, 'a')));
        response.AssertAccepted();
    }

    [Theory]
    [InlineData("foo", "bar")]
    [InlineData("nonce", "n-0S6_WzA2Mj")]
    [InlineData("scope", "")]
    [InlineData("resource", "")]
    [InlineData("prompt", "")]
    [InlineData("state", "")]
    [InlineData("redirect_uri", "")]
    public async Task A_22_ignores_unknown_and_empty_parameters(string name, string value)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await AuthorizeAsync(client, (name, value));
        response.AssertAccepted();
    }

    [Fact]
    public async Task Refused_requests_leave_no_row()
    {
        using var client = await TestClient.RegisterAsync(server);
        var before = await server.RowsAsync();
        foreach (
            var parameter in new (string, string?)[]
            {
                ("client_id", "cli_x"),
                ("redirect_uri", "https://evil.example/"),
                ("response_type", "token"),
                ("code_challenge", null),
                ("scope", "\""),
                ("resource", "https://evil.example/mcp"),
                ("prompt", "none"),
            }
        )
        {
            using var browser = server.Browser();
            await browser.OpenAsync(client.AuthorizationUrl(parameter));
        }

        Assert.Equal(before, await server.RowsAsync());
        Assert.Equal(
            0,
            await server.InDatabaseAsync(db => Task.FromResult(db.AuthorizationRequests.Count(request => request.ClientId == client.Id)))
        );
    }

    private static Task<HttpResponseMessage> AuthorizeAsync(TestClient client, params (string Name, string? Value)[] parameters) =>
        client.Http.GetAsync(client.AuthorizationUrl(parameters), TestContext.Current.CancellationToken);
}
