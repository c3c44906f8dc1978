using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>The official suite's authorization server scenarios, each told by name, with a browser that signs in where the suite asks for one.</summary>
public sealed class ConformanceTests
{
    [Theory]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Passes_the_authorization_scenarios(string revision)
    {
        Requires.Conformance();
        await using var server = await TestServer.StartAsync();
        var port = TestServer.FreePort();
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray($"http://127.0.0.1:{port}/callback")));

        var (exitCode, output) = await Conformance.RunAsync(
            ["authorization", "--url", server.Issuer, "--client-id", client.Id, "--port", $"{port}", "--spec-version", revision],
            $"{server.Issuer}/authorize?",
            async url =>
            {
                using var browser = server.Browser();
                using var http = server.Http();
                (await http.GetAsync(await browser.AllowAsync(url), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
            });

        Assert.True(exitCode == 0, output);
        Assert.Matches("authorization-server-metadata-endpoint: [1-9] passed, 0 failed", output);
        Assert.Matches("authorization-code-grant: 1 passed, 0 failed", output);
    }
}
