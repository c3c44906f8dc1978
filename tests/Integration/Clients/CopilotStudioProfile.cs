using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>Microsoft Copilot Studio, which connects from Microsoft's machines. Profile of 2026-11.</summary>
public sealed class CopilotStudioProfile(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    // tableau-mcp#866, Teamwork/mcp#67, odoo PR#57: a callback for each connector; what registration took, /authorize takes.
    [Theory]
    [InlineData("client_secret_post")]
    [InlineData("client_secret_basic")]
    public async Task Signs_in_to_its_connector(string method)
    {
        const string callback = "https://global.consent.azure-apim.net/redirect/cr2a4-5foauthmcp-5f1b2c3d4e5f";
        using var client = server.Client(
            await server.RegisterAsync(
                $$"""
                {"client_name":"Microsoft Copilot Studio","redirect_uris":["{{callback}}"],"grant_types":["authorization_code","refresh_token"],"response_types":["code"],"token_endpoint_auth_method":"{{method}}"}
                """
            )
        );
        await server.SignInAsync(client, callback, "mcp.read mcp.write", null);
    }
}
