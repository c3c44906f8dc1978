using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>How the stdio server starts. What stops it is one sentence on standard error, which never holds the token.</summary>
public sealed class StdioStartTests
{
    private const string Sentence = "API_KEY must be one token of printable ASCII characters, without spaces or line breaks inside.\n";

    [Theory]
    [InlineData("sk-live\n-0123456789")]
    [InlineData("sk-live\r\n-0123456789")]
    [InlineData("sk-live 0123456789")]
    [InlineData("sk-livé-0123456789")]
    [InlineData("   ")]
    [InlineData("\n")]
    public async Task K_12_names_API_KEY_when_it_can_be_no_token(string key) =>
        Assert.Equal((1, "", Sentence), await ServerProcess.RunAsync(["-t", "stdio"], environment: ("API_KEY", key)));

    [Theory]
    [InlineData("sk-live-0123456789\n")]
    [InlineData("sk-live-0123456789\r\n")]
    [InlineData("  sk-live-0123456789 ")]
    public async Task K_12_takes_a_token_without_what_surrounds_it(string key)
    {
        await using var api = await StandIn.StartAsync(StandIn.AnythingAsync);
        await using var server = ServerProcess.Start(["-t", "stdio", "--downstream", api.Address.AbsoluteUri], ("API_KEY", key));
        await CallAsync(server);
        Assert.Equal("Bearer sk-live-0123456789", Assert.Single(api.Requests).Authorization);
    }

    [Fact]
    public async Task U_05_works_in_Development_and_says_nothing_of_its_own()
    {
        await using var api = await StandIn.StartAsync(StandIn.AnythingAsync);
        await using var server = ServerProcess.Start(
            ["-t", "stdio", "--downstream", api.Address.AbsoluteUri],
            ("API_KEY", "sk-live-0123456789"),
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("DOTNET_ENVIRONMENT", "Development")
        );
        await CallAsync(server);
        server.Process.StandardInput.Close();
        await server.ExitAsync();
        Assert.Equal(0, server.Process.ExitCode);
        Assert.All(server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line =>
            Assert.StartsWith("{", line, StringComparison.Ordinal)
        );
        Assert.DoesNotContain("WRN", server.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task U_09_warns_that_the_token_goes_to_the_public_httpbin(string environment)
    {
        var (exitCode, output, error) = await ServerProcess.RunAsync(
            ["-t", "stdio"],
            environment: [("API_KEY", "sk-live-0123456789"), ("DOTNET_ENVIRONMENT", environment)]
        );
        Assert.Equal((0, ""), (exitCode, output));
        Assert.Contains("WRN Downstream:BaseAddress https://httpbin.org/ is another machine", error, StringComparison.Ordinal);
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
