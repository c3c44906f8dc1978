using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>OpenAI Codex, the command line. Profile of 2026-11.</summary>
public sealed class CodexProfile(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Callback = "http://127.0.0.1:37819/callback/b0a4c2";
    private readonly TestServer server = shared.Server;

    // home-assistant#179326, fastmcp#4205, lion-reader#1519, opencode PR#47743: a document is used only where both are said.
    [Theory]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/openid-configuration")]
    public async Task Reads_that_a_document_will_do(string path)
    {
        var metadata = await server.DocumentAsync(path);
        Assert.True((bool?)metadata["client_id_metadata_document_supported"]);
        Assert.Contains("none", metadata["token_endpoint_auth_methods_supported"]!.AsArray().Select(method => (string)method!));
    }

    // codex#35253, #15643; metabase PR#82452: it asks for the scopes of the server metadata, and does no step-up.
    [Fact]
    public async Task Gets_every_tool_with_the_scopes_of_the_metadata()
    {
        var scopes = string.Join(
            ' ',
            (await server.DocumentAsync("/.well-known/oauth-authorization-server"))["scopes_supported"]!
                .AsArray()
                .Select(scope => (string)scope!)
        );
        using var client = server.Client(await RegisterAsync());
        var token = (string)(await server.SignInAsync(client, Callback, scopes, server.Resource))["access_token"]!;
        await using var mcp = await Callers.ConnectAsync(server, token);
        Assert.Equal(
            ["make_authenticated_request", "show_auth_token", "who_am_i"],
            (await mcp.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.Name).Order()
        );
    }

    // codex#39054: a dead refresh token is 400 invalid_grant, each time, and never 429 after a few.
    [Fact]
    public async Task Learns_again_and_again_that_its_refresh_token_is_dead()
    {
        using var client = server.Client(await RegisterAsync());
        for (var i = 0; i < 20; i++)
            await (await client.RefreshAsync("ort_dead")).AssertErrorAsync(400, "invalid_grant");
    }

    // flowfuse#8270, #8273, uploads#909, gram#5333, cloudflare/mcp#136: several of its processes share one refresh token.
    [Fact]
    public async Task Its_processes_get_the_same_successor_for_a_while()
    {
        await using var own = await TestServer.StartAsync();
        using var client = own.Client(await own.RegisterAsync(Registration));
        var refresh = (string)(await own.SignInAsync(client, Callback, "mcp.read", own.Resource))["refresh_token"]!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.RefreshAsync(refresh)));
        Assert.All(answers, answer => Assert.Equal(200, (int)answer.StatusCode));
        var successor = Assert.Single(
            (await Task.WhenAll(answers.Select(Answers.JsonAsync))).Select(tokens => (string)tokens["refresh_token"]!).Distinct()
        );

        own.Clock.Advance(TimeSpan.FromMinutes(2));
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant"); // later it is a replay
        await (await client.RefreshAsync(successor)).AssertErrorAsync(400, "invalid_grant");
    }

    // withings-mcp PR#37: limits are per grant type, so that a loop over a dead token does not keep anyone from signing in.
    [Fact]
    public async Task A_loop_over_a_dead_refresh_token_does_not_keep_it_from_signing_in()
    {
        await using var own = await TestServer.StartAsync(("Limits:TokenPerMinute", "5"));
        using var client = own.Client(await own.RegisterAsync(Registration));
        for (var i = 0; i < 5; i++)
            await (await client.RefreshAsync("ort_dead")).AssertErrorAsync(400, "invalid_grant");
        Assert.Equal(429, (int)(await client.RefreshAsync("ort_dead")).StatusCode);
        await own.SignInAsync(client, Callback, "mcp.read", own.Resource);
    }

    // elmo PR#684: release 0.147, captured; the callback has a path and a port of its own each time.
    private const string Registration = $$"""
        {"client_name":"Codex","application_type":"native","redirect_uris":["{{Callback}}"],"grant_types":["authorization_code","refresh_token"],"token_endpoint_auth_method":"none","response_types":["code"]}
        """;

    private Task<JsonObject> RegisterAsync() => server.RegisterAsync(Registration);
}
