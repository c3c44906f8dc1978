using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>Perplexity, whose connectors run on its machines. Profile of 2026-11.</summary>
public sealed class PerplexityProfile(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    // Perplexity help center, "custom remote connectors": the callbacks.
    [Theory]
    [InlineData("https://www.perplexity.ai/rest/connections/oauth_callback")]
    [InlineData("https://enterprise.perplexity.ai/rest/connections/oauth_callback")]
    public async Task Signs_in_with_a_registration(string callback)
    {
        using var client = server.Client(
            await server.RegisterAsync(
                $$"""
                {"client_name":"Perplexity","redirect_uris":["{{callback}}"],"grant_types":["authorization_code","refresh_token"],"response_types":["code"],"token_endpoint_auth_method":"none"}
                """
            )
        );
        await server.SignInAsync(client, callback, null, server.Resource);
    }

    // toolhive docs/arch/11-auth-server-storage.md: it was seen to register as public and to want a secret nevertheless. Then its
    // user types in what an operator made.
    [Theory]
    [InlineData("client_secret_post")]
    [InlineData("client_secret_basic")]
    public async Task Signs_in_as_an_operators_client(string method)
    {
        const string callback = "https://www.perplexity.ai/rest/connections/oauth_callback";
        await using var own = await TestServer.StartAsync(
            ("OAuth:Clients:0:ClientId", "perplexity"),
            ("OAuth:Clients:0:ClientSecret", ConfiguredServer.Secret),
            ("OAuth:Clients:0:RedirectUris:0", callback),
            ("OAuth:Clients:0:TokenEndpointAuthMethod", method)
        );
        using var client = new TestClient(own, "perplexity", ConfiguredServer.Secret, method);
        await own.SignInAsync(client, callback, null, own.Resource);
    }
}
