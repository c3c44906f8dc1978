using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Integration.Documents;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>ChatGPT and its connectors. Profile of 2026-11.</summary>
public sealed class ChatGptProfile(SharedDocuments shared) : IClassFixture<SharedDocuments>
{
    private const string Callback = "https://chatgpt.com/connector/oauth/aBcD1234efGH";
    private readonly TestServer server = shared.Server;

    // workers-oauth-provider#293, engram#1633, altinity-mcp#118, pomerium#6692, tableau-mcp#814, operately#5164: its
    // document prefers private_key_jwt and lists none; both have to work.
    [Fact]
    public async Task Signs_in_with_its_document_and_no_assertion()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var client = server.Described(Publish(key));
        await server.SignInAsync(client, Callback, "mcp.read mcp.write", server.Resource);
    }

    [Fact]
    public async Task Signs_in_with_its_document_and_an_assertion()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var client = server.Described(Publish(key));
        var code = await client.CodeAsync("alice", ("redirect_uri", Callback));
        using var exchanged = await client.ExchangeAsync(code, [("redirect_uri", Callback), .. Assertion(client.Id, key)]);
        Assert.Equal(200, (int)exchanged.StatusCode);

        // What is sent is verified, even where nothing would do as well.
        using var wrongKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var refresh = (string)(await exchanged.JsonAsync())["refresh_token"]!;
        await (await client.RefreshAsync(refresh, Assertion(client.Id, wrongKey))).AssertErrorAsync(401, "invalid_client");
        Assert.Equal(200, (int)(await client.RefreshAsync(refresh, Assertion(client.Id, key))).StatusCode);
    }

    // developers.openai.com/plugins/build/auth: the callback by registration, with an id of the connector in it.
    [Theory]
    [InlineData(Callback)]
    [InlineData("https://chatgpt.com/connector_platform_oauth_redirect")]
    public async Task Signs_in_with_a_registration(string callback)
    {
        using var client = server.Client(
            await server.RegisterAsync(
                $$"""
                {"client_name":"ChatGPT","redirect_uris":["{{callback}}"],"grant_types":["authorization_code","refresh_token"],"response_types":["code"],"token_endpoint_auth_method":"none"}
                """
            )
        );
        await server.SignInAsync(client, callback, "mcp.read mcp.write", server.Resource);
    }

    // metabase PR#82452: it learns what a tool takes from its securitySchemes.
    [Fact]
    public async Task Sees_what_each_tool_takes()
    {
        using var client = await TestClient.RegisterAsync(server);
        await using var mcp = await Callers.ConnectAsync(server, (await client.SignInAsync()).Access);
        var tools = await mcp.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        foreach (
            var (name, scope) in new[]
            {
                ("make_authenticated_request", "mcp.write"),
                ("show_auth_token", "mcp.read"),
                ("who_am_i", "mcp.read"),
            }
        )
        {
            var schemes = tools.Single(tool => tool.Name == name).ProtocolTool.Meta!["securitySchemes"]!;
            Assert.Equal($$"""[{"type":"oauth2","scopes":["{{scope}}"]}]""", schemes.ToJsonString());
        }
    }

    // metabase PR#82452, mcp-use#2611, #2602: it steps up on a tool's result, where an operator says so.
    [Fact]
    public async Task Steps_up_on_a_tools_result()
    {
        await using var own = await TestServer.StartAsync(("Mcp:ChallengeInToolResults", "true"));
        using var client = await TestClient.RegisterAsync(own);
        var (token, _) = await client.SignInAsync("alice", ("scope", "mcp.read"));
        using var response = await own.PostMcpAsync(
            token,
            McpRequests.Call("make_authenticated_request", """{"message":"hello"}"""),
            ("MCP-Protocol-Version", McpRequests.Revision),
            ("Mcp-Session-Id", await own.OpenSessionAsync(token))
        );
        Assert.Equal(200, (int)response.StatusCode);
        var result = (await response.RpcAsync())["result"]!;
        Assert.True((bool?)result["isError"]);
        var challenge = (string?)result["_meta"]!["mcp/www_authenticate"]![0];
        Assert.Contains("error=\"insufficient_scope\"", challenge, StringComparison.Ordinal);
        Assert.Contains("scope=\"mcp.write\"", challenge, StringComparison.Ordinal);
        Assert.Contains(
            $"resource_metadata=\"{own.Issuer}/.well-known/oauth-protected-resource/mcp\"",
            challenge,
            StringComparison.Ordinal
        );
    }

    // Its keys are at chatgpt.com/oauth/jwks.json; this stand-in for the document holds its own.
    private string Publish(ECDsa key) =>
        shared.Host.Publish(
            ("client_name", "ChatGPT"),
            ("redirect_uris", new JsonArray(Callback)),
            ("token_endpoint_auth_method", "private_key_jwt"),
            ("token_endpoint_auth_methods_supported", new JsonArray("private_key_jwt", "none")),
            ("jwks", DocumentKeysTests.KeySet(key))
        );

    private (string, string?)[] Assertion(string clientId, ECDsa key) =>
        [
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            (
                "client_assertion",
                ForgedToken.Sign(
                    new SigningCredentials(new ECDsaSecurityKey(key), "ES256"),
                    new JsonObject
                    {
                        ["iss"] = clientId,
                        ["sub"] = clientId,
                        ["aud"] = server.Issuer + "/token",
                        ["jti"] = Guid.NewGuid().ToString(),
                        ["exp"] = server.Clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(),
                    },
                    null
                )
            ),
        ];
}
