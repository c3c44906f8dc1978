using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>The operator who lets everybody in the world sign in is told so, once a start.</summary>
public sealed class OpenDoorTests : IDisposable
{
    private readonly string data = TestServer.NewDataDirectory();

    [Theory]
    [InlineData("https://github.com may sign in", "--client_id=id", "--client_secret=secret")]
    [InlineData(
        "https://accounts.google.com may sign in",
        "--client_id=id",
        "--provider=oidc",
        "--provider-url=https://accounts.google.com"
    )]
    [InlineData(null, "--client_id=id", "--client_secret=secret", "--Upstream:AllowedUsers=octocat")]
    [InlineData(null, "--client_id=id", "--client_secret=secret", "--provider-url=https://github.acme.example")]
    public async Task Warns_where_everybody_may_sign_in(string? warning, params string[] arguments)
    {
        await using var server = ServerProcess.Start(
            [
                "--addr",
                $"localhost:{TestServer.FreePort()}",
                $"--Server:DataDirectory={data}",
                "--downstream",
                "http://127.0.0.1:9",
                .. arguments,
            ],
            [("ASPNETCORE_ENVIRONMENT", "Production")]
        );
        await server.SaysAsync("Application started");
        server.Terminate();
        await server.ExitAsync();
        var warnings = server.Output.Split('\n').Where(line => line.Contains("WRN Upstream", StringComparison.Ordinal)).ToList();
        if (warning is null)
            Assert.Empty(warnings);
        else
            Assert.Contains(warning, Assert.Single(warnings), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(data, recursive: true);
}
