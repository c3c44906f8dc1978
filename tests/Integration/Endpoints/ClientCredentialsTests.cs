using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>grant_type=client_credentials: machines that an operator approved, and nobody else.</summary>
public sealed class ClientCredentialsTests(ConfiguredServer configured) : IClassFixture<ConfiguredServer>
{
    private readonly TestServer server = configured.Server;

    [Theory]
    [InlineData(null, "mcp.read")]
    [InlineData("mcp.read", "mcp.read")]
    public async Task G_03_answers_a_machine_in_its_own_name(string? scope, string issued)
    {
        using var machine = configured.Reporter();
        using var response = await machine.AskAsMachineAsync(("scope", scope), ("resource", server.Resource));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        var answer = await response.JsonAsync();
        Assert.Equal(["access_token", "expires_in", "scope", "token_type"], answer.Select(member => member.Key).Order());
        Assert.Equal(("Bearer", 3600, issued), ((string?)answer["token_type"], (int)answer["expires_in"]!, (string?)answer["scope"]));

        var token = (string)answer["access_token"]!;
        var claims = ForgedToken.Claims(token);
        Assert.Equal(
            ("reporter", "reporter", issued, server.Resource),
            ((string?)claims["sub"], (string?)claims["client_id"], (string?)claims["scope"], (string?)claims["aud"])
        );
        Assert.False(claims.ContainsKey("grant"));
        Assert.True(await server.AcceptsAsync(token));
        Assert.Equal(new Stored.Rows(0, 0, 0), await server.RowsAsync());
    }

    [Fact]
    public async Task A_machine_that_signs_gets_all_its_scopes_and_uses_a_tool()
    {
        using var machine = configured.Signer();
        var token = await machine.MachineTokenAsync(configured.Key.Assertion(server, "signer"));
        Assert.Equal("mcp.read mcp.write", (string?)ForgedToken.Claims(token)["scope"]);
        await using var caller = await Callers.ConnectAsync(server, token);
        Assert.NotEqual(true, (await caller.MakeRequestAsync("from a machine")).IsError);
    }

    [Fact]
    public async Task A_machine_is_stopped_at_a_tool_beyond_its_scope()
    {
        using var machine = configured.Reporter();
        using var response = await server.PostMcpAsync(
            await machine.MachineTokenAsync(),
            McpRequests.Call("make_authenticated_request", """{"message":"x"}""")
        );
        await response.AssertErrorAsync(403, "insufficient_scope");
    }

    [Fact]
    public async Task G_01_refuses_a_public_client()
    {
        using var registered = await TestClient.RegisterAsync(server);
        using var desktop = configured.Desktop();
        foreach (var client in new[] { registered, desktop })
            await (await client.AskAsMachineAsync(("client_id", client.Id))).AssertErrorAsync(401, "invalid_client");
    }

    [Theory]
    [InlineData("wrong", "client_secret_basic")]
    [InlineData(ConfiguredServer.Secret, "client_secret_post")]
    [InlineData(null, "none")]
    public async Task G_01_refuses_a_machine_that_does_not_prove_itself(string? secret, string method)
    {
        using var client = new TestClient(server, "reporter", secret, method);
        await (
            await client.AskAsMachineAsync(("client_id", "reporter"), ("client_secret", method == "client_secret_post" ? secret : null))
        ).AssertErrorAsync(401, "invalid_client");
    }

    [Fact]
    public async Task G_02_refuses_a_client_that_nobody_approved()
    {
        using var registered = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", "client_secret_basic"));
        await (await registered.AskAsMachineAsync()).AssertErrorAsync(400, "unauthorized_client");
        using var signing = await configured.Key.RegisterAsync(server);
        await (await signing.AskAsMachineAsync(configured.Key.Assertion(server, signing.Id))).AssertErrorAsync(400, "unauthorized_client");
    }

    [Fact]
    public async Task G_02_refuses_an_application_that_an_operator_approved_for_users_alone()
    {
        using var portal = configured.Portal();
        await (await portal.AskAsMachineAsync(("client_id", "portal"), ("client_secret", ConfiguredServer.Secret))).AssertErrorAsync(
            400,
            "unauthorized_client"
        );
    }

    [Theory]
    [InlineData("mcp.write")]
    [InlineData("mcp.read mcp.write")]
    [InlineData("unknown")]
    [InlineData("mcp.read unknown")]
    [InlineData("openid")]
    [InlineData("MCP.READ")]
    [InlineData("\"")]
    public async Task G_04_refuses_a_scope_beyond_its_own(string scope)
    {
        using var machine = configured.Reporter();
        await (await machine.AskAsMachineAsync(("scope", scope))).AssertErrorAsync(400, "invalid_scope");
    }

    [Theory]
    [InlineData("https://other.example/mcp")]
    [InlineData("relative")]
    [InlineData("https://other.example/mcp#fragment")]
    public async Task G_04_refuses_another_resource(string resource)
    {
        using var machine = configured.Reporter();
        await (await machine.AskAsMachineAsync(("resource", resource))).AssertErrorAsync(400, "invalid_target");
    }

    [Theory]
    [InlineData("urn:ietf:params:oauth:grant-type:token-exchange")]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code")]
    [InlineData("urn:openid:params:grant-type:ciba")]
    [InlineData("urn:ietf:params:oauth:grant-type:saml2-bearer")]
    [InlineData("CLIENT_CREDENTIALS")]
    public async Task G_05_G_12_refuses_a_grant_that_is_not_served(string grantType)
    {
        using var machine = configured.Reporter();
        using var response = await machine.PostAsync(
            "/token",
            new()
            {
                ["grant_type"] = grantType,
                ["subject_token"] = "x",
                ["device_code"] = "x",
                ["auth_req_id"] = "x",
                ["assertion"] = "x",
            }
        );
        await response.AssertErrorAsync(400, "unsupported_grant_type");
    }

    [Fact]
    public async Task V_02_a_machine_revokes_its_token()
    {
        using var machine = configured.Reporter();
        var (revoked, other) = (await machine.MachineTokenAsync(), await machine.MachineTokenAsync());
        Assert.Equal(HttpStatusCode.OK, (await machine.RevokeAsync(revoked)).StatusCode);
        Assert.False(await server.AcceptsAsync(revoked));
        Assert.True(await server.AcceptsAsync(other));
    }

    [Fact]
    public async Task A_machine_without_the_operator_is_refused_at_once_after_a_restart()
    {
        using var key = new ClientKey();
        var (data, port) = (TestServer.NewDataDirectory(), TestServer.FreePort());
        var first = await TestServer.StartAsync(data, port, [.. ConfiguredServer.Keys(key)]);
        using var machine = new TestClient(first, "reporter", ConfiguredServer.Secret, "client_secret_basic");
        var token = await machine.MachineTokenAsync();
        Assert.True(await first.AcceptsAsync(token));
        await first.StopAsync();

        await using var second = await TestServer.StartAsync(data, port);
        Assert.False(await second.AcceptsAsync(token));
        await (await machine.AskAsMachineAsync()).AssertErrorAsync(401, "invalid_client");
    }
}
