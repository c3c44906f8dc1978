using System.Globalization;
using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>What a request asks for: scope and resource, and what the token then says.</summary>
public sealed class AuthorizeScopeTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("mcp.read \"")]
    [InlineData("mcp\\read")]
    [InlineData("mcp.read\t")]
    [InlineData("mcp.read\nmcp.write")]
    [InlineData("mcp.read \0")]
    [InlineData("mcp.réad")]
    public async Task A_12_refuses_characters_that_no_scope_has(string scope)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await AuthorizeAsync(client, ("scope", scope));
        response.AssertErrorRedirect(server, "invalid_scope");
    }

    [Fact]
    public async Task A_12_refuses_four_kilobytes_of_scope()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await AuthorizeAsync(client, ("scope", "mcp.read ".PadRight(4096, 'a')));
        response.AssertErrorRedirect(server, "invalid_scope");
    }

    [Theory]
    [InlineData("mcp.read openid profile", "mcp.read")]
    [InlineData("mcp.read offline_access", "mcp.read")]
    [InlineData("  mcp.write   mcp.write ", "mcp.write")]
    [InlineData("admin MCP.READ *", "mcp.read mcp.write")]
    [InlineData("", "mcp.read mcp.write")]
    [InlineData(null, "mcp.read mcp.write")]
    public async Task A_12_drops_unknown_scopes_and_falls_back_to_the_default(string? scope, string granted)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await client.ExchangeAsync(await client.CodeAsync("alice", ("scope", scope)));
        var tokens = await response.JsonAsync();
        Assert.Equal(granted.Split(' '), ((string)tokens["scope"]!).Split(' ').Order());
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("mcp")]
    [InlineData("{0}/mcp#fragment")]
    [InlineData("{0}/mcp#")]
    [InlineData("{0}/other")]
    [InlineData("{0}/MCP")]
    [InlineData("{0}/mcp/x")]
    [InlineData("{0}/mcp//")]
    [InlineData("{0}//mcp")]
    [InlineData("{0}/x/../mcp")]
    [InlineData("{0}.evil.example/mcp")]
    [InlineData("https://evil.example/mcp")]
    [InlineData("http://user@localhost/mcp")]
    [InlineData("urn:mcp")]
    public async Task A_13_refuses_a_resource_that_is_not_this_server(string resource)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await AuthorizeAsync(client, ("resource", Here(resource)));
        response.AssertErrorRedirect(server, "invalid_target");
    }

    [Fact]
    public async Task A_13_refuses_a_wrong_resource_beside_a_right_one()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await client.Http.GetAsync(
            $"{client.AuthorizationUrl()}&resource=https%3A%2F%2Fevil.example%2Fmcp",
            TestContext.Current.CancellationToken
        );
        response.AssertErrorRedirect(server, "invalid_target");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{0}")]
    [InlineData("{0}/")]
    [InlineData("{0}/mcp")]
    [InlineData("{0}/mcp/")]
    [InlineData("{0}/mcp?x=1")]
    [InlineData("HTTP://LOCALHOST:{1}/mcp")]
    public async Task A_14_issues_the_canonical_audience_for_every_spelling(string? resource)
    {
        using var client = await TestClient.RegisterAsync(server);
        var spelled = resource is null ? null : Here(resource);
        using var response = await client.ExchangeAsync(await client.CodeAsync("alice", ("resource", spelled)), ("resource", spelled));
        var token = (string)(await response.JsonAsync())["access_token"]!;
        var claims = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]))!;
        Assert.Equal(server.Resource, (string?)claims["aud"]);
    }

    [Theory]
    [InlineData("https://mcp.example:443/mcp", true)]
    [InlineData("https://mcp.example:443", true)]
    [InlineData("HTTPS://MCP.Example/", true)]
    [InlineData("http://mcp.example/mcp", false)]
    [InlineData("https://mcp.example:80/mcp", false)]
    public async Task A_14_knows_its_public_origin_with_the_default_port_spelled_out(string resource, bool isAccepted)
    {
        await using var proxied = await TestServer.StartAsync(TestServer.BehindProxy);
        using var client = await TestClient.RegisterAsync(proxied);
        using var response = await AuthorizeAsync(client, ("resource", resource));
        if (isAccepted)
            response.AssertAccepted();
        else
            Assert.Contains("error=invalid_target", response.Headers.Location?.Query, StringComparison.Ordinal);
    }

    private string Here(string resource) => string.Format(CultureInfo.InvariantCulture, resource, server.Issuer, server.Address.Port);

    private static Task<HttpResponseMessage> AuthorizeAsync(TestClient client, params (string Name, string? Value)[] parameters) =>
        client.Http.GetAsync(client.AuthorizationUrl(parameters), TestContext.Current.CancellationToken);
}
