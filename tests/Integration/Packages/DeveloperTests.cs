using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Mcp;
using OAuthMcp.Application.Tools;

namespace OAuthMcp.Integration.Packages;

/// <summary>The tests that a developer writes of a program of one's own, such as the host of the conformance suite.</summary>
public sealed class DeveloperTests
{
    [Fact]
    public async Task Signs_a_user_in_and_calls_a_tool_of_the_program()
    {
        await using var server = await OAuthMcpTestServer.StartAsync<Program>();
        await using var client = await server.SignInAsync("alice", "mcp.read");
        Assert.Equal("This is a simple text response for testing.", await CallAsync(client, "test_simple_text"));
    }

    [Fact]
    public async Task Calls_in_the_name_and_the_scope_of_each_user()
    {
        await using var server = await OAuthMcpTestServer.StartAsync<Program>(AddSignature);
        await using var alice = await server.SignInAsync("alice", "mcp.read notes.write");
        await using var bob = await server.SignInAsync("bob", "mcp.read notes.write");
        await using var again = await server.SignInAsync("alice", "mcp.read notes.write");
        Assert.Equal("alice mcp.read notes.write", await CallAsync(alice, "sign"));
        Assert.Equal("bob mcp.read notes.write", await CallAsync(bob, "sign"));
        Assert.Equal("alice mcp.read notes.write", await CallAsync(again, "sign"));
        await using var reader = await server.SignInAsync("alice", "mcp.read");
        await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(reader, "sign"));
    }

    [Fact]
    public async Task Lets_the_test_move_the_time()
    {
        await using var server = await OAuthMcpTestServer.StartAsync<Program>(AddSignature);
        await using var client = await server.SignInAsync("alice", "mcp.read notes.write");
        using var http = await server.CreateHttpClientAsync("alice", "mcp.read");
        Assert.NotEqual(HttpStatusCode.Unauthorized, await StatusAsync(http));
        server.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http));
        Assert.Equal("alice mcp.read notes.write", await CallAsync(client, "sign")); // which renews its token
    }

    [Fact]
    public async Task Keeps_two_programs_apart_and_leaves_nothing_behind()
    {
        string data;
        var first = await OAuthMcpTestServer.StartAsync<Program>();
        await using (var second = await OAuthMcpTestServer.StartAsync<Program>())
        await using (first)
        {
            data = first.Services.GetRequiredService<IConfiguration>()["Server:DataDirectory"]!;
            Assert.True(Directory.Exists(data));
            using var http = await first.CreateHttpClientAsync("alice", "mcp.read");
            Assert.NotEqual(HttpStatusCode.Unauthorized, await StatusAsync(http));
            using var answer = await http.PostAsync(second.Endpoint, null, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        using var closed = new HttpClient { BaseAddress = first.Address };
        await Assert.ThrowsAsync<HttpRequestException>(() => StatusAsync(closed));
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task Says_why_there_is_no_server_and_why_nobody_is_signed_in()
    {
        foreach (var (key, value) in new[] { ("OAuth:CodeLifetime", "1.00:00:00"), ("Server:Transport", "stdio") })
        {
            var ended = await Assert.ThrowsAsync<InvalidOperationException>(() => OAuthMcpTestServer.StartAsync<Program>((key, value)));
            Assert.StartsWith("The program ended with 1 before it served", ended.Message, StringComparison.Ordinal);
        }

        var library = await Assert.ThrowsAsync<InvalidOperationException>(() => OAuthMcpTestServer.StartAsync<McpClient>());
        Assert.Equal("ModelContextProtocol.Core is no program: it has no entry point.", library.Message);

        await using var server = await OAuthMcpTestServer.StartAsync<Program>(
            ("Accounts:Seed:0:UserName", "carol"),
            ("Accounts:Seed:0:Password", "correct horse battery")
        );
        var taken = await Assert.ThrowsAsync<InvalidOperationException>(() => server.SignInAsync("carol", "mcp.read"));
        Assert.StartsWith("There is no account carol, and none can be made: ", taken.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<InvalidOperationException>(() => server.SignInAsync("alice", "mcp.read notes.write"));
        Assert.Equal(
            "The client asked for mcp.read notes.write, and got a token for mcp.read: no tool asks for the rest.",
            unknown.Message
        );
    }

    private static void AddSignature(IServiceCollection services) =>
        services.AddSingleton(
            McpServerTool.Create(
                (RequestContext<CallToolRequestParams> call) =>
                {
                    var caller = call.Services!.GetRequiredService<ITokenContext>().Caller!;
                    return $"{caller.UserName} {caller.Scope}";
                },
                new McpServerToolCreateOptions
                {
                    Name = "sign",
                    Description = "Says who calls.",
                    Metadata = [new RequiresScopeAttribute("notes.write")],
                }
            )
        );

    private static async Task<string> CallAsync(McpClient client, string tool) =>
        Assert
            .IsType<TextContentBlock>(
                Assert.Single((await client.CallToolAsync(tool, cancellationToken: TestContext.Current.CancellationToken)).Content)
            )
            .Text;

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http)
    {
        using var answer = await http.PostAsync("/mcp", null, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
