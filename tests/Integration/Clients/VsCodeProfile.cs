using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>Visual Studio Code and its Insiders build. Profile of 2026-11.</summary>
public sealed class VsCodeProfile(SharedDocuments shared) : IClassFixture<SharedDocuments>
{
    private static readonly string[] Grants = ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"];
    private readonly TestServer server = shared.Server;

    // toolhive handlers/discovery.go: it reads this member in the OpenID document too.
    [Theory]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/openid-configuration")]
    public async Task Reads_the_server_metadata_at_both_places(string path)
    {
        var metadata = await server.DocumentAsync(path, ("Accept", "application/json"), ("MCP-Protocol-Version", "2025-11-25"));
        Assert.True((bool?)metadata["client_id_metadata_document_supported"]);
        // GiviKDev/oauth docs/007-protocol-findings.md §2: another issuer's name would let its own provider take over.
        Assert.Equal(server.Issuer, (string?)metadata["issuer"]);
        // §1 there; claude-ai-mcp#82, #367, #214: it goes to issuer-relative paths, whatever is advertised.
        Assert.Equal(server.Issuer + "/authorize", (string?)metadata["authorization_endpoint"]);
        Assert.Equal(server.Issuer + "/token", (string?)metadata["token_endpoint"]);
        Assert.Equal(server.Issuer + "/register", (string?)metadata["registration_endpoint"]);
    }

    // vscode#273655, #259251: the path's own document, whose resource is the URL that the user typed.
    [Fact]
    public async Task Finds_the_resource_that_its_user_typed()
    {
        var metadata = await server.DocumentAsync("/.well-known/oauth-protected-resource/mcp", ("Accept", "application/json"));
        Assert.Equal(server.Resource, (string?)metadata["resource"]);
        Assert.Equal(server.Issuer, (string?)metadata["authorization_servers"]!.AsArray().Single());
        Assert.IsType<JsonArray>(metadata["scopes_supported"]);
    }

    // https://vscode.dev/oauth/client-metadata.json as published in 2026-09: every grant type that it has code for.
    [Theory]
    [InlineData("https://vscode.dev/redirect")]
    [InlineData("http://127.0.0.1:52731/")]
    public async Task K_01_signs_in_with_its_metadata_document(string callback)
    {
        var url = shared.Host.Publish(
            ("client_name", "Visual Studio Code"),
            ("client_uri", "https://code.visualstudio.com"),
            ("redirect_uris", new JsonArray("http://127.0.0.1:33418/", "http://127.0.0.1/", "https://vscode.dev/redirect")),
            ("grant_types", new JsonArray([.. Grants.Select(grant => JsonValue.Create(grant))])),
            ("application_type", "native")
        );
        using var client = server.Described(url);
        await server.SignInAsync(client, callback, "mcp.read mcp.write", server.Resource);
    }

    // contextstream#57, vscode#278512: four URIs in one registration; on the machine itself it takes any port.
    [Theory]
    [InlineData("https://vscode.dev/redirect")]
    [InlineData("https://insiders.vscode.dev/redirect")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.0.0.1:33418/")]
    [InlineData("http://127.0.0.1:52731/")]
    public async Task Signs_in_with_each_of_its_redirect_uris(string callback)
    {
        using var client = server.Client(await RegisterAsync());
        await server.SignInAsync(client, callback, "mcp.read mcp.write", server.Resource);
    }

    // metabase PR#82452, vscode#269883: it steps up when a 403 names the scope, and keeps the scopes it had itself.
    [Fact]
    public async Task Steps_up_when_a_tool_needs_more()
    {
        using var client = server.Client(await RegisterAsync());
        var token = (string)(await server.SignInAsync(client, "http://127.0.0.1:33418/", "mcp.read", server.Resource))["access_token"]!;
        using var response = await server.PostMcpAsync(token, McpRequests.Call("make_authenticated_request", """{"message":"hello"}"""));
        await response.AssertErrorAsync(403, "insufficient_scope");
        // modelcontextprotocol#2349, #2350: the scope of this operation alone.
        Assert.Contains("scope=\"mcp.write\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Contains("resource_metadata=\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            "mcp.read mcp.write",
            (string?)(await server.SignInAsync(client, "http://127.0.0.1:33418/", "mcp.read mcp.write", server.Resource))["scope"]
        );
    }

    [Fact]
    public async Task K_01_gets_of_its_grant_types_those_that_are_served() =>
        Assert.Equal("""["authorization_code","refresh_token"]""", (await RegisterAsync())["grant_types"]!.ToJsonString());

    // vscode src/vs/base/common/oauth.ts: newer releases register those of its grant types that the metadata lists, older ones all.
    private Task<JsonObject> RegisterAsync() =>
        server.RegisterAsync(
            $$"""
            {"client_name":"Visual Studio Code","client_uri":"https://code.visualstudio.com","grant_types":["{{string.Join(
                "\",\"",
                Grants
            )}}"],
             "response_types":["code"],"redirect_uris":["https://insiders.vscode.dev/redirect","https://vscode.dev/redirect","http://127.0.0.1/","http://127.0.0.1:33418/"],
             "scope":"mcp.read mcp.write","token_endpoint_auth_method":"none","application_type":"native"}
            """
        );
}
