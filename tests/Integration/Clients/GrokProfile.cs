using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>Grok on the web and Grok Build on the command line. Profile of 2026-11.</summary>
public sealed class GrokProfile(SharedDocuments shared) : IClassFixture<SharedDocuments>
{
    private readonly TestServer server = shared.Server;

    // worldmonitor PR#8305: its document is grok.com/oauth/mcp-client.json; the callback ends in a slash, which counts.
    [Fact]
    public async Task Signs_in_with_its_metadata_document()
    {
        const string callback = "https://grok.com/connectors-oauth-exchange-code/";
        var url = shared.Host.Publish(("client_name", "Grok"), ("redirect_uris", new JsonArray(callback)));
        using var client = server.Described(url);
        await server.SignInAsync(client, callback, "mcp.read mcp.write", server.Resource);
        using var refused = await client.Http.GetAsync(
            client.AuthorizationUrl(("redirect_uri", callback.TrimEnd('/'))),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(400, (int)refused.StatusCode);
    }

    // exa PR#387 (Grok Build), gemini-cli#20017, claude-code#69917, sentry-mcp PR#837: spellings of the URL that a user types.
    [Theory]
    [InlineData("{0}/mcp")]
    [InlineData("{0}/mcp/")]
    [InlineData("{0}")]
    [InlineData("{0}/")]
    public async Task Names_the_resource_as_its_user_typed_it(string format)
    {
        using var client = await TestClient.RegisterAsync(server);
        await server.SignInAsync(client, TestClient.RedirectUri, "mcp.read", string.Format(null, format, server.Issuer));
    }
}
