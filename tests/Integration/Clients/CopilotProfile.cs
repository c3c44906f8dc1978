using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>GitHub Copilot, the command line. Profile of 2026-11.</summary>
public sealed class CopilotProfile(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    // copilot-cli#4800: it registers port 33418 and listens on another. copilot-cli#1305: it has no metadata document yet.
    [Theory]
    [InlineData("http://127.0.0.1:33418/")]
    [InlineData("http://127.0.0.1:49813/")]
    public async Task The_command_line_signs_in_on_any_port(string callback)
    {
        using var client = server.Client(
            await server.RegisterAsync(
                """
                {"client_name":"GitHub Copilot CLI","redirect_uris":["http://127.0.0.1:33418/"],"grant_types":["authorization_code","refresh_token"],"response_types":["code"],"token_endpoint_auth_method":"none"}
                """
            )
        );
        await server.SignInAsync(client, callback, "mcp.read mcp.write", server.Resource);
    }

    // copilot-cli#4606, expo#49054, opencode#50036, python-sdk#1919, SparkDevNetwork/Rock#6974: one issuer, byte for byte, wherever it
    // is said.
    [Fact]
    public async Task Compares_the_issuer_byte_for_byte()
    {
        var issuer = (string)(await server.DocumentAsync("/.well-known/oauth-protected-resource/mcp"))["authorization_servers"]![0]!;
        Assert.False(issuer.EndsWith('/'));
        Assert.Equal(issuer, (string?)(await server.DocumentAsync("/.well-known/oauth-authorization-server"))["issuer"]);
        Assert.Equal(issuer, (string?)(await server.DocumentAsync("/.well-known/openid-configuration"))["issuer"]);
        using var client = await TestClient.RegisterAsync(server);
        // iss of the answer: asserted there
        var tokens = await server.SignInAsync(client, TestClient.RedirectUri, "mcp.read", server.Resource);
        Assert.Equal(issuer, (string?)ForgedToken.Claims((string)tokens["access_token"]!)["iss"]);
        Assert.Equal(server.Issuer, issuer);
    }
}
