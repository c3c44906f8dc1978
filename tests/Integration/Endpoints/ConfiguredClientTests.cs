using System.Net;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>The clients of OAuth:Clients: what an operator writes down is so, whatever anybody registers.</summary>
public sealed class ConfiguredClientTests(ConfiguredServer configured) : IClassFixture<ConfiguredServer>
{
    private const string Document = "https://app.example/client.json";
    private readonly TestServer server = configured.Server;

    [Fact]
    public async Task A_public_application_signs_a_user_in()
    {
        using var client = configured.Desktop();
        using var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        await browser.SignInAsync();
        Assert.Contains("The desktop", browser.Text, StringComparison.Ordinal);
        var (access, refresh) = await client.SignInAsync();
        Assert.Equal("desktop", (string?)ForgedToken.Claims(access)["client_id"]);
        Assert.True(await server.AcceptsAsync(access));
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(refresh)).StatusCode);
    }

    [Fact]
    public async Task An_application_with_a_secret_signs_a_user_in_by_its_own_method()
    {
        using var client = configured.Portal();
        (string, string?)[] redirect = [("redirect_uri", ConfiguredServer.WebRedirectUri)];
        var code = await client.CodeAsync("alice", redirect);
        using var basic = new TestClient(server, "portal", ConfiguredServer.Secret, "client_secret_basic");
        await (await basic.ExchangeAsync(code, [("code_verifier", client.Verifier), .. redirect])).AssertErrorAsync(401, "invalid_client");
        Assert.Equal(HttpStatusCode.OK, (await client.ExchangeAsync(code, redirect)).StatusCode);
    }

    [Theory]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("scope", "\"", "invalid_scope")]
    [InlineData("resource", "https://other.example/mcp", "invalid_target")]
    [InlineData("prompt", "none", "login_required")]
    public async Task A_19_sends_errors_back_to_an_application_that_an_operator_vouches_for(string name, string? value, string error)
    {
        using var client = configured.Portal();
        using var response = await client.Http.GetAsync(
            client.AuthorizationUrl(("redirect_uri", ConfiguredServer.WebRedirectUri), (name, value)),
            TestContext.Current.CancellationToken
        );
        response.AssertErrorRedirect(server, error, redirectUri: ConfiguredServer.WebRedirectUri);
    }

    [Theory]
    [InlineData("desktop", "https://app.example/callback")]
    [InlineData("portal", TestClient.RedirectUri)]
    [InlineData("reporter", TestClient.RedirectUri)]
    [InlineData("DESKTOP", TestClient.RedirectUri)]
    public async Task A_02_refuses_a_redirect_uri_that_is_not_written_down(string clientId, string redirectUri)
    {
        using var client = new TestClient(server, clientId, null, "none");
        using var response = await client.Http.GetAsync(
            client.AuthorizationUrl(("redirect_uri", redirectUri)),
            TestContext.Current.CancellationToken
        );
        await response.AssertPageAsync();
    }

    [Fact]
    public async Task M_22_a_configured_client_takes_the_place_of_a_registered_one()
    {
        var (data, port) = (TestServer.NewDataDirectory(), TestServer.FreePort());
        var first = await TestServer.StartAsync(data, port);
        using var registered = await TestClient.RegisterAsync(first, ("token_endpoint_auth_method", "client_secret_basic"));
        await first.StopAsync();

        await using var second = await TestServer.StartAsync(
            data,
            port,
            ("OAuth:Clients:0:ClientId", registered.Id),
            ("OAuth:Clients:0:ClientSecret", ConfiguredServer.Secret)
        );
        await (await registered.AskAsMachineAsync()).AssertErrorAsync(401, "invalid_client");
        using var configuredOne = new TestClient(second, registered.Id, ConfiguredServer.Secret, "client_secret_basic");
        Assert.True(await second.AcceptsAsync(await configuredOne.MachineTokenAsync()));
        using var response = await registered.Http.GetAsync(registered.AuthorizationUrl(), TestContext.Current.CancellationToken);
        await response.AssertPageAsync(); // its redirect URI went with it
    }

    [Fact]
    public async Task M_22_a_configured_client_takes_the_place_of_the_document_its_id_names()
    {
        await using var own = await TestServer.StartAsync(
            ("OAuth:Clients:0:ClientId", Document),
            ("OAuth:Clients:0:RedirectUris:0", TestClient.RedirectUri)
        );
        using var client = new TestClient(own, Document, null, "none");
        Assert.True(await own.AcceptsAsync((await client.SignInAsync()).Access));
    }

    [Fact]
    public async Task M_22_a_registration_cannot_own_an_https_id()
    {
        using var client = await TestClient.RegisterAsync(server, ("client_id", Document), ("client_uri", Document));
        Assert.StartsWith("cli_", client.Id, StringComparison.Ordinal);
        using var claimed = new TestClient(server, Document, null, "none");
        await (await claimed.RefreshAsync("x")).AssertErrorAsync(401, "invalid_client");
    }

    [Theory]
    [InlineData("OAuth:Clients:0:ClientId is missing or taken.", "ClientSecret", ConfiguredServer.Secret)]
    [InlineData(
        "OAuth:Clients: a has a ClientSecret of less than 32 characters; one guess in 2^128 should be all there is.",
        "ClientId",
        "a",
        "ClientSecret",
        "short"
    )]
    [InlineData("OAuth:Clients: a needs a secret or Jwks for client_credentials.", "ClientId", "a")]
    [InlineData("OAuth:Clients: a needs a secret or Jwks for client_credentials.", "ClientId", "a", "GrantTypes:0", "client_credentials")]
    [InlineData(
        "OAuth:Clients: a needs RedirectUris for authorization_code, and for nothing else.",
        "ClientId",
        "a",
        "GrantTypes:0",
        "authorization_code"
    )]
    [InlineData("OAuth:Clients: a has an unknown grant type.", "ClientId", "a", "GrantTypes:0", "password")]
    [InlineData(
        "OAuth:Clients: a has an unknown TokenEndpointAuthMethod.",
        "ClientId",
        "a",
        "ClientSecret",
        ConfiguredServer.Secret,
        "TokenEndpointAuthMethod",
        "client_secret_jwt"
    )]
    [InlineData(
        "OAuth:Clients: a has a TokenEndpointAuthMethod that does not fit its secret or Jwks.",
        "ClientId",
        "a",
        "ClientSecret",
        ConfiguredServer.Secret,
        "TokenEndpointAuthMethod",
        "none"
    )]
    [InlineData(
        "OAuth:Clients: a has Scopes other than mcp.read mcp.write.",
        "ClientId",
        "a",
        "ClientSecret",
        ConfiguredServer.Secret,
        "Scopes",
        "admin"
    )]
    public async Task P_08_refuses_to_start_on_a_client_that_is_incomplete_or_unsafe(string sentence, params string[] keys)
    {
        var configuration = keys.Chunk(2).Select(pair => ($"OAuth:Clients:0:{pair[0]}", pair[1])).ToArray();
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => TestServer.StartAsync(configuration));
        Assert.Equal(sentence, refusal.Message);
    }

    [Fact]
    public async Task Refuses_to_start_on_two_clients_of_one_id()
    {
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() =>
            TestServer.StartAsync(
                ("OAuth:Clients:0:ClientId", "a"),
                ("OAuth:Clients:0:ClientSecret", ConfiguredServer.Secret),
                ("OAuth:Clients:1:ClientId", "a"),
                ("OAuth:Clients:1:ClientSecret", ConfiguredServer.Secret)
            )
        );
        Assert.Equal("OAuth:Clients:1:ClientId is missing or taken.", refusal.Message);
    }
}
