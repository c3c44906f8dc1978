using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>GitHub Copilot CLI and Microsoft Copilot Studio. Profile of 2026-11.</summary>
public sealed class CopilotProfile(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    // copilot-cli#4800: it registers port 33418 and listens on another. copilot-cli#1305: it has no metadata document yet.
    [Theory]
    [InlineData("http://127.0.0.1:33418/")]
    [InlineData("http://127.0.0.1:49813/")]
    public async Task The_command_line_signs_in_on_any_port(string callback)
    {
        using var client = server.Client(await server.RegisterAsync("""
            {"client_name":"GitHub Copilot CLI","redirect_uris":["http://127.0.0.1:33418/"],"grant_types":["authorization_code","refresh_token"],"response_types":["code"],"token_endpoint_auth_method":"none"}
            """));
        await server.SignInAsync(client, callback, "mcp.read mcp.write", server.Resource);
    }

    // copilot-cli#4606, expo#49054, opencode#50036, python-sdk#1919, SparkDevNetwork/Rock#6974: one issuer, byte for byte, wherever it is said.
    [Fact]
    public async Task Compares_the_issuer_byte_for_byte()
    {
        var issuer = (string)(await server.DocumentAsync("/.well-known/oauth-protected-resource/mcp"))["authorization_servers"]![0]!;
        Assert.False(issuer.EndsWith('/'));
        Assert.Equal(issuer, (string?)(await server.DocumentAsync("/.well-known/oauth-authorization-server"))["issuer"]);
        Assert.Equal(issuer, (string?)(await server.DocumentAsync("/.well-known/openid-configuration"))["issuer"]);
        using var client = await TestClient.RegisterAsync(server);
        var tokens = await server.SignInAsync(client, TestClient.RedirectUri, "mcp.read", server.Resource); // iss of the answer: asserted there
        Assert.Equal(issuer, (string?)ForgedToken.Claims((string)tokens["access_token"]!)["iss"]);
        Assert.Equal(server.Issuer, issuer);
    }

    // tableau-mcp#866, Teamwork/mcp#67, odoo PR#57: a callback for each connector; what registration took, /authorize takes.
    [Theory]
    [InlineData("client_secret_post")]
    [InlineData("client_secret_basic")]
    public async Task Copilot_Studio_signs_in_to_its_connector(string method)
    {
        const string callback = "https://global.consent.azure-apim.net/redirect/cr2a4-5foauthmcp-5f1b2c3d4e5f";
        using var client = server.Client(await server.RegisterAsync($$"""
            {"client_name":"Microsoft Copilot Studio","redirect_uris":["{{callback}}"],"grant_types":["authorization_code","refresh_token"],"response_types":["code"],"token_endpoint_auth_method":"{{method}}"}
            """));
        await server.SignInAsync(client, callback, "mcp.read mcp.write", null);
    }
}
