using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>An open stream of a session, and the token that opened it.</summary>
public sealed class StreamTests
{
    [Fact]
    public async Task B_24_ends_a_stream_whose_token_expires()
    {
        await using var server = await TestServer.StartAsync(("OAuth:AccessTokenLifetime", "00:10:00"));
        using var client = await TestClient.RegisterAsync(server);
        var stream = await OpenAsync(server, (await client.SignInAsync()).Access);
        server.Clock.Advance(TimeSpan.FromMinutes(9));
        await AssertOpenAsync(stream);
        server.Clock.Advance(TimeSpan.FromSeconds(90)); // the minute that was left, and the 30 s
        await stream.WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(server.Log.All, line => line.StartsWith("Error ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task B_24_ends_a_stream_whose_token_is_revoked_and_no_other()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (revoked, other) = ((await client.SignInAsync()).Access, (await client.SignInAsync("bob")).Access);
        var stream = await OpenAsync(server, revoked);
        var unaffected = await OpenAsync(server, other);
        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(revoked)).StatusCode);
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        await stream.WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken);
        await AssertOpenAsync(unaffected);
    }

    /// <returns>Once the stream is open: its end.</returns>
    private static async Task<Task> OpenAsync(TestServer server, string token)
    {
        var session = await server.OpenSessionAsync(token);
        var request = McpRequests.Request(
            token,
            null,
            ("Accept", "text/event-stream"),
            ("Mcp-Session-Id", session),
            ("MCP-Protocol-Version", McpRequests.Revision)
        );
        (request.Method, request.Content) = (HttpMethod.Get, null);
        var response = await server
            .Http()
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return EndAsync(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    private static async Task EndAsync(Stream stream)
    {
        try
        {
            await stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            // Cut off, which is an end too.
        }
    }

    private static async Task AssertOpenAsync(Task end) =>
        await Assert.ThrowsAsync<TimeoutException>(() =>
            end.WaitAsync(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken)
        );
}
