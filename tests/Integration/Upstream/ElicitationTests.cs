using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>
/// A client that can show its user a page is asked to show the one where an account is linked; the others say it in words.
/// </summary>
public sealed class ElicitationTests
{
    private const string Revision = "2026-07-28";

    [Fact]
    public async Task X_03_the_official_client_shows_the_page_the_user_links_and_the_call_succeeds()
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Accounts:Local", "true"));
        var asked = new ConcurrentQueue<ElicitRequestParams>();
        await using var client = await ConnectAsync(upstream, Revision, async request =>
        {
            asked.Enqueue(request);
            (await LinkTests.LinkAsync(upstream, "alice")).Dispose();
            return new ElicitResult { Action = "accept" };
        });
        var result = await client.MakeRequestAsync("hello");
        Assert.NotEqual(true, result.IsError);
        var request = Assert.Single(asked);
        Assert.Equal(("url", $"{upstream.Server.Issuer}/connections"), (request.Mode, request.Url));
        Assert.Contains("no GitHub account linked", request.Message, StringComparison.Ordinal);
        Assert.Equal(Person.Octocat, upstream.Provider.OwnerOf(Assert.Single(upstream.Arrived)));
    }

    [Theory]
    [InlineData("accept")] // and yet nothing was linked
    [InlineData("decline")]
    [InlineData("cancel")]
    public async Task X_03_asks_once(string action)
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Accounts:Local", "true"));
        var asked = 0;
        await using var client = await ConnectAsync(upstream, Revision, _ =>
        {
            asked++;
            return Task.FromResult(new ElicitResult { Action = action });
        });
        var result = await client.MakeRequestAsync("hello");
        Assert.True(result.IsError);
        Assert.EndsWith("/connections", result.TextOf(), StringComparison.Ordinal);
        Assert.Equal((1, 0), (asked, upstream.Api.Requests.Count));
    }

    [Fact]
    public async Task X_03_asks_in_the_words_of_the_specification_and_puts_nothing_of_the_user_into_the_address()
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Accounts:Local", "true"));
        var result = await CallAsync(upstream, """{"elicitation":{"url":{}}}""");
        Assert.Equal("input_required", (string?)result["resultType"]);
        Assert.False(result.ContainsKey("requestState")); // MRTR: optional, and nothing has to be remembered
        var asked = Assert.Single(result["inputRequests"]!.AsObject()).Value!;
        Assert.Equal("elicitation/create", (string?)asked["method"]);
        Assert.Equal(["message", "mode", "url"], asked["params"]!.AsObject().Select(member => member.Key).Order());
        Assert.Equal(
            ("url", $"{upstream.Server.Issuer}/connections"),
            ((string?)asked["params"]!["mode"], (string?)asked["params"]!["url"])
        );
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"elicitation":{}}""")] // which stands for forms
    [InlineData("""{"elicitation":{"form":{}}}""")]
    public async Task X_03_asks_nobody_who_has_not_declared_that_it_shows_pages(string capabilities)
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Accounts:Local", "true"));
        var result = await CallAsync(upstream, capabilities);
        Assert.False(result.ContainsKey("inputRequests"));
        Assert.True((bool)result["isError"]!);
    }

    [Fact]
    public async Task X_03_says_it_in_words_to_a_client_of_an_older_revision()
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Accounts:Local", "true"));
        await using var client = await ConnectAsync(upstream, "2025-11-25", _ => throw new InvalidOperationException("It was asked."));
        var result = await client.MakeRequestAsync("hello");
        Assert.True(result.IsError);
        Assert.EndsWith("/connections", result.TextOf(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task X_03_says_it_in_words_to_a_client_that_shows_no_pages()
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Accounts:Local", "true"));
        using var alice = await TestClient.RegisterAsync(upstream.Server);
        await using var client = await Callers.ConnectAsync(upstream.Server, (await alice.SignInAsync()).Access, Revision);
        Assert.True((await client.MakeRequestAsync("hello")).IsError);
    }

    /// <summary>What the tool answers to a client of these capabilities, as it stands on the wire.</summary>
    private static async Task<JsonObject> CallAsync(UpstreamServer upstream, string capabilities)
    {
        using var alice = await TestClient.RegisterAsync(upstream.Server);
        var call = McpRequests.Message(
            "tools/call",
            $$$"""{"name":"make_authenticated_request","arguments":{"message":"hello"},"_meta":{"io.modelcontextprotocol/protocolVersion":"{{{Revision}}}","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{{{capabilities}}} } }"""
        );
        using var answer = await upstream.Server.PostMcpAsync(
            (await alice.SignInAsync("alice")).Access,
            call,
            ("MCP-Protocol-Version", Revision),
            ("Mcp-Method", "tools/call"),
            ("Mcp-Name", "make_authenticated_request")
        );
        return (await answer.RpcAsync())["result"]!.AsObject();
    }

    private static async Task<McpClient> ConnectAsync(
        UpstreamServer upstream,
        string revision,
        Func<ElicitRequestParams, Task<ElicitResult>> shown
    )
    {
        using var alice = await TestClient.RegisterAsync(upstream.Server);
        var (token, _) = await alice.SignInAsync("alice");
        return await McpClient.CreateAsync(
            new HttpClientTransport(
                new HttpClientTransportOptions
                {
                    Endpoint = new Uri(upstream.Server.Resource),
                    TransportMode = HttpTransportMode.StreamableHttp,
                    AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" },
                }
            ),
            new McpClientOptions
            {
                ProtocolVersion = revision,
                Capabilities = new ClientCapabilities { Elicitation = new ElicitationCapability { Url = new UrlElicitationCapability() } },
                Handlers = new McpClientHandlers { ElicitationHandler = async (request, _) => await shown(request!) },
            },
            cancellationToken: TestContext.Current.CancellationToken
        );
    }
}
