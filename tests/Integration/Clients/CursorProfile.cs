using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>Cursor, desktop and cloud agents. Profile of 2026-11.</summary>
public sealed class CursorProfile(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    // laravel/mcp#173, accounted PR#2225, agent-connector-for-wp#111, better-auth#10946, plane#159: a scheme, a web page
    // and a loopback port in one registration, which may call itself web.
    [Theory]
    [InlineData("cursor://anysphere.cursor-mcp/oauth/callback", null)]
    [InlineData("https://www.cursor.com/agents/mcp/oauth/callback", null)]
    [InlineData("http://localhost:8787/callback", null)]
    [InlineData("cursor://anysphere.cursor-mcp/oauth/callback", "web")]
    [InlineData("https://www.cursor.com/agents/mcp/oauth/callback", "web")]
    [InlineData("http://localhost:8787/callback", "web")]
    public async Task Signs_in_with_each_of_its_redirect_uris(string callback, string? applicationType)
    {
        using var client = server.Client(await RegisterAsync(applicationType));
        // docs.pipeshub.com/mcp/cursor: it asks for all that the resource metadata lists.
        var scopes = string.Join(
            ' ',
            (await server.DocumentAsync("/.well-known/oauth-protected-resource/mcp"))["scopes_supported"]!
                .AsArray()
                .Select(scope => (string)scope!)
        );
        await server.SignInAsync(client, callback, scopes, server.Resource);
    }

    [Fact]
    public async Task A_user_sees_where_the_answer_goes()
    {
        using var browser = server.Browser();
        using var client = server.Client(await RegisterAsync(null));
        await (
            await browser.OpenAsync(client.AuthorizationUrl(("redirect_uri", "cursor://anysphere.cursor-mcp/oauth/callback")))
        ).SignInAsync();
        Assert.Equal("cursor:", browser.Page!.QuerySelector(".host")?.TextContent);
    }

    private Task<JsonObject> RegisterAsync(string? applicationType)
    {
        var body = new JsonObject
        {
            ["redirect_uris"] = new JsonArray(
                "cursor://anysphere.cursor-mcp/oauth/callback",
                "https://www.cursor.com/agents/mcp/oauth/callback",
                "http://localhost:8787/callback"
            ),
            ["token_endpoint_auth_method"] = "none",
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
            ["response_types"] = new JsonArray("code"),
            ["client_name"] = "Cursor",
        };
        if (applicationType is not null)
            body["application_type"] = applicationType;
        return server.RegisterAsync(body.ToJsonString());
    }
}
