using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>
/// One signed-in caller, the server, and an API behind that answers as the test says. Waits between retries pass at once.
/// </summary>
internal sealed class Downstream : IAsyncDisposable
{
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private Downstream(TestServer server, StandIn api, string token) => (Server, Api, Token) = (server, api, token);

    public TestServer Server { get; }
    public StandIn Api { get; }
    public string Token { get; }
    public string Name => Api.Address.Authority;

    /// <param name="address">Base address, where it is not the stand-in's own.</param>
    public static async Task<Downstream> StartAsync(RequestDelegate answer, Func<Uri, string>? address = null)
    {
        var api = await StandIn.StartAsync(answer);
        return await StartAsync(api, address);
    }

    public static async Task<Downstream> StartAsync(StandIn api, Func<Uri, string>? address = null)
    {
        var server = await TestServer.StartAsync(("Downstream:BaseAddress", address?.Invoke(api.Address) ?? api.Address.AbsoluteUri));
        server.Clock.SkipsWaitsOf = LongestWait;
        using var client = await TestClient.RegisterAsync(server);
        return new Downstream(server, api, (await client.SignInAsync()).Access);
    }

    public async Task<CallToolResult> CallAsync(string tool = "make_authenticated_request")
    {
        await using var client = await Callers.ConnectAsync(Server, Token);
        return tool == "make_authenticated_request"
            ? await client.MakeRequestAsync("hello")
            : await client.CallToolAsync(tool, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Asserts a tool error of one plain sentence about the API, and nothing of the token in it or in the log.</summary>
    public void AssertTrouble(CallToolResult result, string sentence)
    {
        Assert.True(result.IsError);
        Assert.Null(result.StructuredContent);
        Assert.Equal(sentence, result.TextOf());
        Assert.DoesNotContain(Server.Log.All, line => line.Contains(Token, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Api.DisposeAsync();
    }
}
