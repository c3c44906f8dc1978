using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>The MCP Inspector in the browser. Profile of 2026-11; <see cref="InspectorTests"/> runs the real command line.</summary>
public sealed class InspectorProfile(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    // What release 2.12.0 sends: the web page listens where it is served, the command line on a port of its own.
    [Theory]
    [InlineData("http://localhost:6274/oauth/callback")]
    [InlineData("http://127.0.0.1:6276/oauth/callback")]
    public async Task Signs_in_with_a_registration(string callback)
    {
        using var client = server.Client(
            await server.RegisterAsync(
                $$"""
                {"redirect_uris":["{{callback}}"],"token_endpoint_auth_method":"none","grant_types":["authorization_code","refresh_token"],"response_types":["code"],
                 "application_type":"native","client_name":"MCP Inspector","client_uri":"https://github.com/modelcontextprotocol/inspector","scope":"mcp.read mcp.write"}
                """
            )
        );
        await server.SignInAsync(client, callback, "mcp.read mcp.write", server.Resource);
    }

    // envoy ai-gateway#2307, twenty#19836, windmill#10535, OpenMetadata#30673, typo3#115, routecraft#328: the Inspector is a web page.
    [Fact]
    public async Task May_call_from_a_web_page_and_read_the_challenge()
    {
        await using var own = await TestServer.StartAsync(("Mcp:AllowedOrigins:0", "http://localhost:6274"));
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/mcp");
        preflight.Headers.Add("Origin", "http://localhost:6274");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add(
            "Access-Control-Request-Headers",
            "authorization,content-type,mcp-protocol-version,mcp-session-id,mcp-method,mcp-name,last-event-id"
        );
        using var allowed = await own.SendAsync(preflight);
        Assert.Equal(204, (int)allowed.StatusCode);
        var headers = allowed
            .Headers.GetValues("Access-Control-Allow-Headers")
            .Single()
            .Split(',')
            .Select(header => header.Trim().ToLowerInvariant())
            .ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                "authorization",
                "content-type",
                "accept",
                "mcp-protocol-version",
                "mcp-method",
                "mcp-name",
                "mcp-session-id",
                "last-event-id",
                "dpop",
            },
            headers
        );

        using var challenged = await own.PostMcpAsync(null, null, ("Origin", "http://localhost:6274"));
        Assert.Equal(401, (int)challenged.StatusCode);
        Assert.Contains(
            "WWW-Authenticate",
            challenged.Headers.GetValues("Access-Control-Expose-Headers").Single(),
            StringComparison.OrdinalIgnoreCase
        );
    }
}
