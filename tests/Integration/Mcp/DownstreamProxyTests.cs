using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>Callers' tokens take the way that the operator wrote down, and no other.</summary>
public sealed class DownstreamProxyTests
{
    private const string Key = "sk-live-0123456789abcdef";

    [Fact]
    public async Task M6_sends_no_token_through_the_proxy_of_the_environment()
    {
        await using var proxy = await StandIn.StartAsync(StandIn.AnythingAsync);
        await using var api = await StandIn.StartAsync(StandIn.AnythingAsync);
        var address = proxy.Address.AbsoluteUri;
        await using var server = ServerProcess.Start(
            ["-t", "stdio", "--downstream", api.Address.AbsoluteUri],
            ("API_KEY", Key),
            ("http_proxy", address),
            ("https_proxy", address),
            ("all_proxy", address)
        );
        await CallAsync(server);

        Assert.Empty(proxy.Requests);
        Assert.Equal($"Bearer {Key}", Assert.Single(api.Requests).Authorization);
    }

    [Fact]
    public async Task M6_takes_the_proxy_of_its_key_and_says_so()
    {
        await using var proxy = await StandIn.StartAsync(StandIn.AnythingAsync);
        await using var server = ServerProcess.Start(
            ["-t", "stdio", "--downstream", "http://api.example.invalid", $"--Downstream:Proxy=http://me:hidden@{proxy.Address.Authority}"],
            ("API_KEY", Key)
        );
        await CallAsync(server);

        Assert.Equal($"Bearer {Key}", Assert.Single(proxy.Requests).Authorization);
        Assert.Contains($"Downstream:Proxy http://{proxy.Address.Authority}/ ", server.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", server.Error, StringComparison.Ordinal);
    }

    private static async Task CallAsync(ServerProcess server)
    {
        foreach (
            var message in new[]
            {
                """{"jsonrpc":"2.0","id":"first","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""",
                """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
                """{"jsonrpc":"2.0","id":"call","method":"tools/call","params":{"name":"make_authenticated_request","arguments":{"message":"hello"}}}""",
            }
        )
            await server.Process.StandardInput.WriteLineAsync(message);
        await server.SaysAsync("\"id\":\"call\"");
    }
}
