using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>Gemini CLI. Profile of 2026-11.</summary>
public sealed class GeminiProfile(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    // gemini-cli packages/core/src/mcp/oauth-provider.ts, oauth-utils.ts: it registers the scopes of the server metadata, or an
    // empty text where its user configured none, names the endpoint as the resource each time, and takes one fixed port.
    [Theory]
    [InlineData("mcp.read mcp.write")]
    [InlineData("")]
    public async Task Signs_in_with_a_registration(string scope)
    {
        const string callback = "http://localhost:7777/oauth/callback";
        using var client = server.Client(
            await server.RegisterAsync(
                $$"""
                {"client_name":"Gemini CLI MCP Client","redirect_uris":["{{callback}}"],"grant_types":["authorization_code","refresh_token"],"response_types":["code"],"token_endpoint_auth_method":"none","scope":"{{scope}}"}
                """
            )
        );
        var tokens = await server.SignInAsync(client, callback, scope == "" ? null : scope, server.Resource);
        Assert.Equal("mcp.read mcp.write", (string?)tokens["scope"]);
        using var refreshed = await client.RefreshAsync((string)tokens["refresh_token"]!, ("resource", server.Resource));
        Assert.Equal(200, (int)refreshed.StatusCode);
    }

    // gemini-cli#20017: the metadata it reaches from the challenge names the URL that its user typed, to the letter.
    [Fact]
    public async Task Finds_the_resource_that_its_user_typed()
    {
        using var challenged = await server.PostMcpAsync(null);
        var url = System
            .Text.RegularExpressions.Regex.Match(challenged.Headers.WwwAuthenticate.ToString(), "resource_metadata=\"([^\"]+)\"")
            .Groups[1]
            .Value;
        Assert.Equal(server.Resource, (string?)(await server.DocumentAsync(new Uri(url).AbsolutePath))["resource"]);
    }

    // kody PR#948 (Gemini), openwork PR#2993, giantswarm#440, ory/elements#587: no resource means the only one, another one is refused.
    [Fact]
    public async Task May_name_no_resource()
    {
        using var client = await TestClient.RegisterAsync(server);
        var tokens = await server.SignInAsync(client, TestClient.RedirectUri, "mcp.read", null);
        await (await client.RefreshAsync((string)tokens["refresh_token"]!, ("resource", "https://other.example/mcp"))).AssertErrorAsync(
            400,
            "invalid_target"
        );
        Assert.Equal(200, (int)(await client.RefreshAsync((string)tokens["refresh_token"]!)).StatusCode);
    }
}
