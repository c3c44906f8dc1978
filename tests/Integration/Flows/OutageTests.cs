using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Flows;

/// <summary>
/// A fault is not a credential error: without its database the server says come back, and nothing that a client holds is lost.
/// </summary>
public sealed class OutageTests
{
    [Fact]
    public async Task F_07_while_nothing_can_be_written_token_says_503_and_spends_nothing()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var code = await client.CodeAsync();
        var (access, refresh) = await client.SignInAsync();
        using (await Outage.OfWritesAsync(server))
        {
            var refused = await Task.WhenAll(
                client.ExchangeAsync(code),
                client.RefreshAsync(refresh),
                client.RevokeAsync(access),
                client.RevokeAsync(refresh)
            );
            foreach (var response in refused)
                await AssertUnavailableAsync(response);
            Assert.True(await server.AcceptsAsync(access));
        }

        using var exchanged = await client.ExchangeAsync(code);
        Assert.Equal(HttpStatusCode.OK, exchanged.StatusCode);
        Assert.True(await server.AcceptsAsync((string)(await exchanged.JsonAsync())["access_token"]!));
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(refresh)).StatusCode);
    }

    [Fact]
    public async Task B_17_V_08_while_nothing_can_be_read_all_endpoints_say_503()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var code = await client.CodeAsync();
        var (access, refresh) = await client.SignInAsync();
        Assert.True(await server.AcceptsAsync(access));
        using (await Outage.OfEverythingAsync(server))
        {
            var refused = await Task.WhenAll(
                server.AnswersSoonAsync(access, HttpStatusCode.ServiceUnavailable), // a token that is known is served for two seconds
                client.ExchangeAsync(code),
                client.RefreshAsync(refresh),
                client.RevokeAsync(access)
            );
            foreach (var response in refused)
                await AssertUnavailableAsync(response);
            await (await server.PostMcpAsync("forged")).AssertErrorAsync(401, "invalid_token");
        }

        Assert.True(await server.AcceptsAsync(access));
        Assert.Equal(HttpStatusCode.OK, (await client.ExchangeAsync(code)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(refresh)).StatusCode);
    }

    [Fact]
    public async Task B_17_a_broken_schema_is_no_credential_error()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var code = await client.CodeAsync();
        var (access, refresh) = await client.SignInAsync();
        using (await Outage.OfTablesAsync(server))
        {
            HttpResponseMessage[] refused =
            [
                await server.PostMcpAsync(access),
                await client.ExchangeAsync(code),
                await client.RefreshAsync(refresh),
                await client.RevokeAsync(refresh),
            ];
            foreach (var response in refused)
                await AssertUnavailableAsync(response);
        }

        Assert.True(await server.AcceptsAsync(access));
    }

    private static async Task AssertUnavailableAsync(HttpResponseMessage response)
    {
        await response.AssertErrorAsync(503, "temporarily_unavailable");
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.False(response.Headers.Contains("WWW-Authenticate"));
    }
}
