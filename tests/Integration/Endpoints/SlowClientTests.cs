using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Peers that send slowly, without end or over many connections: each is cut off, and the others are served.</summary>
public sealed class SlowClientTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Form = "application/x-www-form-urlencoded";

    [Fact]
    public async Task F_36_cuts_a_head_that_never_ends()
    {
        await using var server = await TestServer.StartAsync(("Limits:HeaderSeconds", "1"));
        var answer = await server.FirstLineAsync($"GET / HTTP/1.1\r\nHost: {server.Address.Authority}\r\nX-Slow: ");
        Assert.Contains(answer, new[] { null, "HTTP/1.1 408 Request Timeout" });
    }

    [Theory]
    [InlineData("/token", Form)]
    [InlineData("/revoke", Form)]
    [InlineData("/register", "application/json")]
    [InlineData("/signin", Form)]
    [InlineData("/consent", Form)]
    public async Task L12_cuts_a_body_that_stalls(string path, string contentType) =>
        Assert.Equal(
            "HTTP/1.1 408 Request Timeout",
            await shared.Server.FirstLineAsync(
                $"POST {path} HTTP/1.1\r\nHost: {shared.Server.Address.Authority}\r\nContent-Type: {contentType}\r\nContent-Length: 100\r\n\r\na="
            )
        );

    [Theory]
    [InlineData("/token", Form)]
    [InlineData("/register", "application/json")]
    [InlineData("/signin/code", Form)]
    [InlineData("/consent", Form)]
    public async Task F_37_cuts_a_body_without_end(string path, string contentType) =>
        Assert.Equal(
            "HTTP/1.1 413 Payload Too Large",
            await shared.Server.FirstLineAsync(
                $"POST {path} HTTP/1.1\r\nHost: {shared.Server.Address.Authority}\r\nContent-Type: {contentType}\r\n"
                    + $"Transfer-Encoding: chunked\r\n\r\n4e20\r\n{new string('a', 20_000)}\r\n"
            )
        );

    [Fact]
    public async Task F_36_serves_so_many_connections_and_hangs_up_on_the_next()
    {
        await using var server = await TestServer.StartAsync(("Limits:Connections", "2"));
        var look = $"GET /health/live HTTP/1.1\r\nHost: {server.Address.Authority}\r\n\r\n";
        using var first = await server.ConnectAsync();
        using (var second = await server.ConnectAsync())
        {
            Assert.Equal("HTTP/1.1 200 OK", await first.FirstLineAsync(look));
            Assert.Equal("HTTP/1.1 200 OK", await second.FirstLineAsync(look));
            Assert.Null(await server.FirstLineAsync(look));
        }

        // The server hears of the end in its own time.
        var patience = DateTime.UtcNow + ServerProcess.Patience;
        while (await server.FirstLineAsync(look) is not "HTTP/1.1 200 OK")
            Assert.True(DateTime.UtcNow < patience, "The place of a connection that ended was never given back.");
    }
}
