using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>LM Studio, and Smithery which is built alike. Profile of 2026-11.</summary>
public sealed class LmStudioProfile(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    // sigbit#173, GiviKDev/oauth docs/007-protocol-findings.md §4: LM Studio and Smithery send the least, and read what was made of it.
    [Fact]
    public async Task Reads_the_defaults_of_what_it_left_out()
    {
        var registration = await server.RegisterAsync("""{"redirect_uris":["http://127.0.0.1:33389/mcp/oauth/callback"]}""");
        Assert.Equal("client_secret_basic", (string?)registration["token_endpoint_auth_method"]);
        Assert.Equal(["authorization_code", "refresh_token"], registration["grant_types"]!.AsArray().Select(grant => (string)grant!));
        Assert.Equal(["code"], registration["response_types"]!.AsArray().Select(type => (string)type!));
        Assert.Equal(0, (long?)registration["client_secret_expires_at"]);
        using var client = server.Client(registration);
        await server.SignInAsync(client, "http://127.0.0.1:33389/mcp/oauth/callback", null, server.Resource);
    }
}
