using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>
/// The official suite: its authorization server scenarios, with a browser that signs in where the suite asks for one, and its server
/// scenarios, with a proxy that has signed in.
/// </summary>
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

        await using var suite = Conformance.Start(
            "authorization",
            "--url",
            server.Issuer,
            "--client-id",
            client.Id,
            "--port",
            $"{port}",
            "--spec-version",
            revision
        );
        await suite.SaysAsync("Callback server started");
        using var browser = server.Browser();
        using var http = server.Http();
        var url = Regex.Match(suite.Output, $"^{Regex.Escape(server.Issuer)}/authorize\\?.*$", RegexOptions.Multiline).Value;
        (await http.GetAsync(await browser.AllowAsync(url), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await suite.ExitAsync();

        Assert.True(suite.Process.ExitCode == 0, suite.Output + suite.Error);
        Assert.Matches("authorization-server-metadata-endpoint: [1-9] passed, 0 failed", suite.Output);
        Assert.Matches("authorization-code-grant: 1 passed, 0 failed", suite.Output);
    }

    [Theory]
    [InlineData("2025-11-25", 30, "server-session-lifecycle json-schema-2020-12")]
    [InlineData("2026-07-28", 37, "json-schema-2020-12 http-header-validation http-custom-header-server-validation")]
    public async Task Passes_every_server_scenario_that_a_revision_requires(string revision, int required, string more)
    {
        Requires.Conformance();
        await using var server = await FixtureServer.StartAsync();
        var report = await Conformance.CheckServerAsync(server.Url, revision);
        Assert.True(report.ExitCode == 0, report.Text);
        Assert.Equal(required, report.Passed.Except(report.NotScored).Count());
        Assert.Empty(more.Split(' ').Except(report.Passed)); // of later releases of the suite
    }

    [Theory]
    [InlineData(
        "2025-11-25",
        "server-initialize ping tools-list logging-set-level server-sse-multiple-streams server-session-lifecycle dns-rebinding-protection"
    )]
    [InlineData(
        "2026-07-28",
        "tools-list server-sse-multiple-streams sep-2164-resource-not-found input-required-result-unsupported-methods http-header-validation dns-rebinding-protection"
    )]
    public async Task Passes_as_shipped_what_needs_no_fixture(string revision, string scenarios)
    {
        Requires.Conformance();
        var port = TestServer.FreePort();
        await using var server = await TestServer.StartAsync(("Mcp:AllowedOrigins", $"http://localhost:{port}"));
        using var client = await TestClient.RegisterAsync(server);
        await using var proxy = await BearerProxy.StartAsync(port, server.Address, (await client.SignInAsync()).Access);
        var report = await Conformance.CheckServerAsync($"http://localhost:{port}/mcp", revision);
        Assert.Empty(scenarios.Split(' ').Except(report.Passed));
    }
}
