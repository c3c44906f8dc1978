using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Hosting;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>A tool of a developer that calls the API behind with a client of its own.</summary>
public sealed class OwnToolTests
{
    [Fact]
    public async Task Says_where_to_link_an_account_when_there_is_no_token()
    {
        await using var gitHub = await GitHubStandIn.StartAsync();
        await using var server = await TestServer.StartAsync(
            AddTool,
            [
                .. UpstreamServer.Keys(gitHub, "github"),
                ("Accounts:Local", "true"),
                ("Downstream:Token", "Upstream"),
                ("Downstream:BaseAddress", $"{gitHub.BaseUrl}/api/v3"),
            ]
        );
        using var client = await TestClient.RegisterAsync(server);
        var (password, _) = await client.SignInAsync();
        var refused = await CallAsync(server, password);
        Assert.True(refused.IsError);
        Assert.Contains("no GitHub account linked", refused.TextOf(), StringComparison.Ordinal);
        Assert.EndsWith("/connections", refused.TextOf(), StringComparison.Ordinal);
        Assert.Equal(0, gitHub.Asked("/api/v3/user/repos"));
    }

    private static async Task<CallToolResult> CallAsync(TestServer server, string token)
    {
        await using var client = await Callers.ConnectAsync(server, token);
        return await client.CallToolAsync("repositories", cancellationToken: TestContext.Current.CancellationToken);
    }

    private static void AddTool(IServiceCollection services)
    {
        services.AddHttpClient("api").CallsApiBehind();
        services.AddSingleton(
            McpServerTool.Create(
                (RequestContext<CallToolRequestParams> call, CancellationToken ct) =>
                    call.Services!.GetRequiredService<IHttpClientFactory>().CreateClient("api").GetStringAsync("user/repos", ct),
                new McpServerToolCreateOptions { Name = "repositories", Description = "Lists repositories." }
            )
        );
    }
}
