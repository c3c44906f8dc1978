using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Flows;

/// <summary>The official C# client, unaided: it is given the server's URL and a browser, and finds the rest.</summary>
public sealed class OfficialClientTests
{
    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    public async Task Signs_in_and_calls_every_tool(string revision)
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        var tokens = new OfficialClient.Tokens();
        await using var client = await OfficialClient.ConnectAsync(server, browser, tokens, revision);
        Assert.Equal(revision, client.NegotiatedProtocolVersion);

        var tools = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["make_authenticated_request", "show_auth_token", "who_am_i"], tools.Select(tool => tool.Name).Order());
        Assert.All(tools, tool => Assert.NotNull(tool.ProtocolTool.OutputSchema));

        var token = tokens.Current!.AccessToken;
        var shown = await client.CallToolAsync("show_auth_token", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal($"{token[..4]}****{token[^4..]}", shown.StructuredContent!.Value.GetProperty("token").GetString());

        var me = (await client.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken))
            .StructuredContent!
            .Value;
        Assert.StartsWith("usr_", me.GetProperty("subject").GetString(), StringComparison.Ordinal);
        Assert.Equal("alice", me.GetProperty("userName").GetString());
        Assert.Equal(server.Resource, me.GetProperty("audience").GetString());

        var made = await client.CallToolAsync(
            "make_authenticated_request",
            new Dictionary<string, object?> { ["message"] = "grüß dich & more" },
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.NotEqual(true, made.IsError);
        var arrived = made.StructuredContent!.Value;
        Assert.Equal("GET", arrived.GetProperty("method").GetString());
        Assert.Equal("grüß dich & more", arrived.GetProperty("args").GetProperty("message").GetString());
        Assert.Equal($"Bearer {token[..4]}****{token[^4..]}", arrived.GetProperty("headers").GetProperty("Authorization").GetString());
        Assert.DoesNotContain(token, JsonSerializer.Serialize(made), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signs_in_with_its_metadata_document()
    {
        await using var documents = await DocumentHost.StartAsync();
        await using var server = await SharedDocuments.StartServerAsync();
        using var browser = server.Browser();
        var document = documents.Publish(("redirect_uris", new JsonArray("http://localhost/callback")));
        await using var client = await OfficialClient.ConnectAsync(server, browser, new OfficialClient.Tokens(), document: document);
        var me = (await client.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken))
            .StructuredContent!
            .Value;
        Assert.Equal(document, me.GetProperty("client").GetString());
    }

    [Fact]
    public async Task Refreshes_when_its_token_has_expired_and_asks_the_user_again_once_revoked()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        var tokens = new OfficialClient.Tokens();
        await using var client = await OfficialClient.ConnectAsync(server, browser, tokens);
        var first = tokens.Current!;

        server.Clock.Advance(TimeSpan.FromHours(2));
        await client.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken);
        var second = tokens.Current!;
        Assert.NotEqual(first.AccessToken, second.AccessToken);
        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.Equal(1, tokens.Asks);

        using var owner = new TestClient(server, second.ClientId!, second.ClientSecret, second.TokenEndpointAuthMethod!);
        (await owner.RevokeAsync(second.RefreshToken!)).EnsureSuccessStatusCode();
        tokens.RefusesToSignIn = true;
        await Assert.ThrowsAnyAsync<Exception>(async () =>
            await client.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken)
        );
        Assert.Equal(2, tokens.Asks);
        await (await owner.RefreshAsync(second.RefreshToken!)).AssertErrorAsync(400, "invalid_grant");
    }
}

/// <summary>Connects the SDK's client with a browser that signs in when the client opens it.</summary>
internal static class OfficialClient
{
    public static Task<McpClient> ConnectAsync(
        IReachable server,
        TestBrowser browser,
        Tokens tokens,
        string? revision = null,
        string user = "alice",
        string? document = null
    ) =>
        McpClient.CreateAsync(
            new HttpClientTransport(
                new HttpClientTransportOptions
                {
                    Endpoint = new Uri(server.Resource),
                    OAuth = new ClientOAuthOptions
                    {
                        RedirectUri = new Uri("http://localhost:1179/callback"),
                        ClientMetadataDocumentUri = document is null ? null : new Uri(document),
                        DynamicClientRegistration = new DynamicClientRegistrationOptions { ClientName = "Official client" },
                        TokenCache = tokens,
                        AuthorizationCallbackHandler = async (context, _) =>
                        {
                            tokens.Asks++;
                            if (tokens.RefusesToSignIn)
                                return null;
                            var answer = QueryHelpers.ParseQuery(
                                (await browser.AllowAsync(context.AuthorizationUri.AbsoluteUri, user)).Query
                            );
                            return new AuthorizationResult
                            {
                                Code = answer["code"],
                                State = answer["state"],
                                Iss = answer["iss"],
                            };
                        },
                    },
                }
            ),
            // The first request waits for the sign-in. After a long wait the client would take the server for an older one.
            new McpClientOptions { ProtocolVersion = revision, DiscoverProbeTimeout = ServerProcess.Patience },
            cancellationToken: TestContext.Current.CancellationToken
        );

    /// <summary>Where the client keeps its tokens, so that a test can look.</summary>
    public sealed class Tokens : ITokenCache
    {
        public TokenContainer? Current { get; private set; }
        public int Asks { get; set; }
        public bool RefusesToSignIn { get; set; }

        public ValueTask StoreTokensAsync(TokenContainer tokens, CancellationToken cancellationToken)
        {
            Current = tokens;
            return default;
        }

        public ValueTask<TokenContainer?> GetTokensAsync(CancellationToken cancellationToken) => new(Current);
    }
}
