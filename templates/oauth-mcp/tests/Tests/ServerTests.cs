using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OAuthMcp.Testing;
using Template._1.Application;

namespace Template._1.Tests;

/// <summary>The server whole: a user signs in on its pages, allows, and the official client calls.</summary>
public sealed class ServerTests
{
    private readonly ApiStandIn api = new();

    [Fact]
    public async Task Sends_a_message_with_the_token_of_the_user()
    {
        await using var server = await StartAsync();
        await using var client = await server.SignInAsync("alice", "mcp.read messages.write");
        var answer = await CallAsync(client, "grüß dich & more");
        Assert.Equal("grüß dich & more", Assert.IsType<TextContentBlock>(Assert.Single(answer.Content)).Text);
        Assert.NotNull(api.Token);
    }

    [Fact]
    public async Task Says_why_a_message_was_not_sent()
    {
        await using var server = await StartAsync();
        await using var client = await server.SignInAsync("alice", "mcp.read messages.write");
        var answer = await CallAsync(client, "");
        Assert.True(answer.IsError);
        Assert.Equal("The message is empty.", Assert.IsType<TextContentBlock>(Assert.Single(answer.Content)).Text);
        Assert.Null(api.Token);
    }

    [Fact]
    public async Task Sends_nothing_for_whom_the_user_did_not_allow_to()
    {
        await using var server = await StartAsync();
        await using var client = await server.SignInAsync("alice", "mcp.read");
        await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(client, "hello"));
        Assert.Null(api.Token);
    }

    private Task<OAuthMcpTestServer> StartAsync() =>
        OAuthMcpTestServer.StartAsync<Program>(services =>
            services.AddHttpClient(nameof(IMessageApi)).ConfigurePrimaryHttpMessageHandler(() => api)
        );

    private static async Task<CallToolResult> CallAsync(McpClient client, string text) =>
        await client.CallToolAsync(
            "send_message",
            new Dictionary<string, object?> { ["text"] = text },
            cancellationToken: TestContext.Current.CancellationToken
        );
}
