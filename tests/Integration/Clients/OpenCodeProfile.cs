using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>opencode. Profile of 2026-11.</summary>
public sealed class OpenCodeProfile(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    // sst/opencode packages/opencode/src/mcp/oauth-provider.ts, as elmo PR#684 reports it: no application_type, and loopback alone.
    [Fact]
    public async Task Signs_in_with_a_registration()
    {
        const string callback = "http://127.0.0.1:19876/mcp/oauth/callback";
        var registration = await server.RegisterAsync(
            $$"""
            {"redirect_uris":["{{callback}}"],"client_name":"OpenCode","client_uri":"https://opencode.ai","grant_types":["authorization_code","refresh_token"],"response_types":["code"],"token_endpoint_auth_method":"none"}
            """
        );
        Assert.Equal("native", (string?)registration["application_type"]);
        using var client = server.Client(registration);
        await server.SignInAsync(client, callback, null, server.Resource);
    }

    // opencode#50036: it compares the issuer of the document with the one that led there.
    [Fact]
    public async Task Finds_the_issuer_that_the_resource_names()
    {
        var issuer = (string?)(await server.DocumentAsync("/.well-known/oauth-protected-resource/mcp"))["authorization_servers"]![0];
        Assert.Equal(issuer, (string?)(await server.DocumentAsync("/.well-known/oauth-authorization-server"))["issuer"]);
    }
}
