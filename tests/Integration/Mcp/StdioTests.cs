using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Client;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>The same tools over standard input and output, as the SDK's client starts them.</summary>
public sealed class StdioTests
{
    private const string Key = "sk-live-0123456789abcdef";

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    public async Task Serves_every_tool_with_the_token_from_the_environment(string revision)
    {
        await using var api = await StandIn.StartAsync(StandIn.AnythingAsync);
        var errors = new ConcurrentQueue<string>();
        await using var client = await ConnectAsync(
            Key,
            errors,
            revision,
            "--downstream",
            api.Address.AbsoluteUri,
            "--log-level",
            "Verbose"
        );
        Assert.Equal(revision, client.NegotiatedProtocolVersion);
        var tools = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["make_authenticated_request", "show_auth_token", "who_am_i"], tools.Select(tool => tool.Name).Order());

        var shown = await client.CallToolAsync("show_auth_token", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("sk-l****cdef", shown.StructuredContent!.Value.GetProperty("token").GetString());
        var me = await client.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Environment.UserName, me.StructuredContent!.Value.GetProperty("userName").GetString());

        var made = await client.MakeRequestAsync("grüß dich & more");
        Assert.NotEqual(true, made.IsError);
        Assert.Equal("grüß dich & more", made.StructuredContent!.Value.GetProperty("args").GetProperty("message").GetString());
        Assert.Equal("Bearer sk-l****cdef", made.StructuredContent!.Value.GetProperty("headers").GetProperty("Authorization").GetString());
        Assert.Equal($"Bearer {Key}", Assert.Single(api.Requests).Authorization);
        Assert.DoesNotContain(errors, line => line.Contains(Key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Says_how_to_set_a_token_when_there_is_none(string? key)
    {
        await using var api = await StandIn.StartAsync(StandIn.AnythingAsync);
        await using var client = await ConnectAsync(key, new(), null, "--downstream", api.Address.AbsoluteUri);
        foreach (var tool in await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            var result = await client.CallToolAsync(
                tool.Name,
                new Dictionary<string, object?> { ["message"] = "hello" },
                cancellationToken: TestContext.Current.CancellationToken
            );
            Assert.True(result.IsError);
            Assert.Equal("There is no token: set the API_KEY environment variable of this server.", result.TextOf());
        }

        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task Reports_downstream_trouble_as_it_does_over_http()
    {
        await using var api = await StandIn.StartAsync(http =>
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        await using var client = await ConnectAsync(Key, new(), null, "--downstream", api.Address.AbsoluteUri);
        var result = await client.MakeRequestAsync("hello");
        Assert.True(result.IsError);
        Assert.Equal($"The API at {api.Address.Authority} answered 401 Unauthorized (tried once).", result.TextOf());
    }

    [Fact]
    public async Task Has_the_name_and_the_instructions_of_its_operator()
    {
        await using var client = await ConnectAsync(Key, new(), null, "--Branding:Name=Acme Tools", "--Mcp:Instructions=Be brief.");
        Assert.Equal(("OAuthMcp", "Acme Tools"), (client.ServerInfo!.Name, client.ServerInfo.Title));
        Assert.Equal("Be brief.", client.ServerInstructions);
    }

    private static Task<McpClient> ConnectAsync(string? key, ConcurrentQueue<string> errors, string? revision, params string[] arguments) =>
        McpClient.CreateAsync(
            new StdioClientTransport(
                new StdioClientTransportOptions
                {
                    Command = ServerProcess.Dotnet,
                    Arguments = [ServerProcess.Executable, "--transport", "stdio", .. arguments],
                    EnvironmentVariables = new Dictionary<string, string?> { ["API_KEY"] = key },
                    StandardErrorLines = errors.Enqueue,
                }
            ),
            revision is null ? null : new McpClientOptions { ProtocolVersion = revision, DiscoverProbeTimeout = ServerProcess.Patience },
            cancellationToken: TestContext.Current.CancellationToken
        );
}
