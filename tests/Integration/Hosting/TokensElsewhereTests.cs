namespace OAuthMcp.Integration.Hosting;

/// <summary>The operator who sends the callers' tokens to another machine is told so, once a start.</summary>
public sealed class TokensElsewhereTests : IDisposable
{
    private const string Warning = "WRN Downstream:BaseAddress";
    private readonly string data = TestServer.NewDataDirectory();

    [Theory]
    [InlineData("https://api.example.com")]
    [InlineData("https://localhost.example.com")]
    [InlineData("http://192.0.2.1:8080")]
    public async Task Warns_when_tokens_leave_the_machine(string downstream) =>
        Assert.Contains(
            downstream,
            Assert.Single(await LogAsync("--downstream", downstream), line => line.Contains(Warning, StringComparison.Ordinal)),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Warns_of_the_default_address() =>
        Assert.Contains(
            "https://httpbin.org",
            Assert.Single(await LogAsync(), line => line.Contains(Warning, StringComparison.Ordinal)),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("http://localhost:9000")]
    [InlineData("http://127.0.0.1:9000")]
    [InlineData("http://[::1]:9000")]
    public async Task Says_nothing_when_they_stay(string downstream) =>
        Assert.DoesNotContain(await LogAsync("--downstream", downstream), line =>
            line.Contains("WRN Downstream", StringComparison.Ordinal)
        );

    [Fact]
    public async Task Says_nothing_in_Development() =>
        Assert.DoesNotContain(
            await LogAsync(["--downstream", "https://api.example.com"], ("ASPNETCORE_ENVIRONMENT", "Development")),
            line => line.Contains("WRN Downstream", StringComparison.Ordinal)
        );

    private Task<string[]> LogAsync(params string[] arguments) => LogAsync(arguments, ("ASPNETCORE_ENVIRONMENT", "Production"));

    private async Task<string[]> LogAsync(string[] arguments, (string, string?) environment)
    {
        await using var server = ServerProcess.Start(
            ["--addr", $"localhost:{TestServer.FreePort()}", $"--Server:DataDirectory={data}", .. arguments],
            environment
        );
        await server.SaysAsync("Application started");
        server.Terminate();
        await server.ExitAsync();
        Assert.Equal((0, ""), (server.Process.ExitCode, server.Error));
        return server.Output.Split('\n');
    }

    public void Dispose() => Directory.Delete(data, recursive: true);
}
