using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>claude.ai and Claude Desktop, which connect from Anthropic's machines. Profile of 2026-11.</summary>
public sealed class ClaudeAiProfile(SharedDocuments shared) : IClassFixture<SharedDocuments>
{
    private const string Callback = "https://claude.ai/api/mcp/auth_callback";
    private const string Grants = """["authorization_code","refresh_token","urn:ietf:params:oauth:grant-type:jwt-bearer"]""";
    private readonly TestServer server = shared.Server;

    // claude-ai-mcp#716, #690, #680, #134; obsidian-web-mcp PR#18: an absolute URL of the path's own metadata, open to anybody, without
    // a redirect.
    // meta-ads-mcp#61, ms-365#406, claude-ai-mcp#480: without a token there is no error in the challenge.
    [Fact]
    public async Task Finds_its_way_from_the_challenge()
    {
        using var response = await server.PostMcpAsync(null);
        Assert.Equal(401, (int)response.StatusCode);
        var challenge = response.Headers.WwwAuthenticate.ToString();
        Assert.DoesNotContain("error", challenge, StringComparison.Ordinal);
        var metadata = new Uri(challenge.Split("resource_metadata=\"")[1].Split('"')[0]);
        Assert.Equal($"{server.Issuer}/.well-known/oauth-protected-resource/mcp", metadata.OriginalString);
        Assert.Equal(server.Resource, (string?)(await server.DocumentAsync(metadata.AbsolutePath))["resource"]);
    }

    // https://claude.ai/oauth/mcp-oauth-client-metadata as published in 2026-09; hevy-mcp#942: it can do more than a server may serve.
    [Fact]
    public async Task K_01_signs_in_with_its_metadata_document()
    {
        var url = shared.Host.Publish(
            ("client_name", "Claude"),
            ("client_uri", "https://claude.ai"),
            ("redirect_uris", new JsonArray(Callback)),
            ("grant_types", JsonNode.Parse(Grants))
        );
        using var client = server.Described(url);
        await server.SignInAsync(client, Callback, null, server.Resource);
    }

    [Fact]
    public async Task K_01_gets_of_its_grant_types_those_that_are_served()
    {
        var registration = await RegisterAsync(Callback, "none");
        Assert.Equal("""["authorization_code","refresh_token"]""", registration["grant_types"]!.ToJsonString());
    }

    // docs.zuora.com redirect list; claude.com connector docs.
    [Theory]
    [InlineData(Callback)]
    [InlineData("https://claude.com/api/mcp/auth_callback")]
    public async Task Signs_in_to_its_callbacks(string callback)
    {
        using var client = server.Client(await RegisterAsync(callback, "none"));
        // modelcontextprotocol#653, claude-ai-mcp#453: it registers and asks for a scope of its own.
        Assert.Equal("mcp.read mcp.write", (string?)(await server.SignInAsync(client, callback, "claudeai", server.Resource))["scope"]);
    }

    // kernel-mcp-server#96: the method that it registered is the one that counts.
    [Theory]
    [InlineData("client_secret_post")]
    [InlineData("client_secret_basic")]
    public async Task Signs_in_with_a_secret(string method)
    {
        var registration = await RegisterAsync(Callback, method);
        Assert.Equal(0, (long?)registration["client_secret_expires_at"]);
        using var client = server.Client(registration);
        await server.SignInAsync(client, Callback, "claudeai", server.Resource);
    }

    // lion-reader#974, #975; claude-ai-mcp#413: it registers at each connect, and each registration works on.
    [Fact]
    public async Task Registers_at_each_connect()
    {
        var registrations = new List<JsonObject>();
        for (var i = 0; i < 20; i++)
            registrations.Add(await RegisterAsync(Callback, "none"));
        Assert.Equal(20, registrations.Select(registration => (string)registration["client_id"]!).Distinct().Count());
        using var first = server.Client(registrations[0]);
        await server.SignInAsync(first, Callback, "claudeai", server.Resource);
    }

    // support.claude.com 11503834; workers#201; hermes#52936: this makes it register again.
    [Fact]
    public async Task Learns_that_its_registration_is_gone()
    {
        using var gone = new TestClient(server, "cli_gone", "a-secret-of-long-ago", "client_secret_post");
        await (await gone.RefreshAsync("ort_whatever")).AssertErrorAsync(401, "invalid_client");
    }

    // metabase#80389, obot#7501, flowfuse#8547: a dead refresh token is 400 invalid_grant.
    [Fact]
    public async Task Learns_that_its_refresh_token_is_dead()
    {
        using var client = server.Client(await RegisterAsync(Callback, "none"));
        await (await client.RefreshAsync("ort_dead")).AssertErrorAsync(400, "invalid_grant");
    }

    // fastmcp#4901, #4265, #4264; exceptionless#2404: it refreshes from two addresses at the same time.
    [Fact]
    public async Task Gets_the_same_successor_for_two_refreshes_at_once()
    {
        using var client = server.Client(await RegisterAsync(Callback, "none"));
        var refresh = (string)(await server.SignInAsync(client, Callback, "claudeai", server.Resource))["refresh_token"]!;
        var answers = await Task.WhenAll(client.RefreshAsync(refresh), client.RefreshAsync(refresh));
        Assert.All(answers, answer => Assert.Equal(200, (int)answer.StatusCode));
        Assert.Single(
            (await Task.WhenAll(answers.Select(Answers.JsonAsync))).Select(tokens => (string)tokens["refresh_token"]!).Distinct()
        );
    }

    // claude-ai-mcp#480, #912; ms-365#406: a bad token is 401 invalid_token, never 403, 500 or 200.
    [Theory]
    [InlineData("garbage")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    public async Task Learns_that_its_token_is_bad(string token)
    {
        using var response = await server.PostMcpAsync(token);
        await response.AssertErrorAsync(401, "invalid_token");
        Assert.Contains("error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    // tldraw#10612: without a scope in the challenge it asks for all that the server metadata lists, which has to be harmless.
    [Fact]
    public async Task May_ask_for_every_scope_there_is()
    {
        var scopes = string.Join(
            ' ',
            (await server.DocumentAsync("/.well-known/oauth-authorization-server"))["scopes_supported"]!
                .AsArray()
                .Select(scope => (string)scope!)
        );
        using var client = server.Client(await RegisterAsync(Callback, "none"));
        Assert.Equal(scopes, (string?)(await server.SignInAsync(client, Callback, scopes, server.Resource))["scope"]);
    }

    private Task<JsonObject> RegisterAsync(string callback, string method) =>
        server.RegisterAsync(
            $$"""
            {"client_name":"Claude","grant_types":{{Grants}},"response_types":["code"],
             "token_endpoint_auth_method":"{{method}}","scope":"claudeai","redirect_uris":["{{callback}}"]}
            """
        );
}
