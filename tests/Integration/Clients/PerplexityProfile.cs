using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>Perplexity, whose connectors run on its machines. Profile of 2026-11.</summary>
public sealed class PerplexityProfile(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    // Perplexity help center, "custom remote connectors": the callbacks; toolhive docs/arch/11-auth-server-storage.md: it
    // registers as public and keeps a secret where it is given one. What it registered as is what it has to be.
    [Theory]
    [InlineData("https://www.perplexity.ai/rest/connections/oauth_callback", "none")]
    [InlineData("https://enterprise.perplexity.ai/rest/connections/oauth_callback", "none")]
    [InlineData("https://www.perplexity.ai/rest/connections/oauth_callback", "client_secret_post")]
    public async Task Signs_in_with_a_registration(string callback, string method)
    {
        var registration = await server.RegisterAsync($$"""
            {"client_name":"Perplexity","redirect_uris":["{{callback}}"],"grant_types":["authorization_code","refresh_token"],"response_types":["code"],"token_endpoint_auth_method":"{{method}}"}
            """);
        Assert.Equal(method != "none", registration.ContainsKey("client_secret"));
        using var client = server.Client(registration);
        await server.SignInAsync(client, callback, null, server.Resource);
    }
}
