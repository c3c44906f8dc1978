using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>The official suite's client scenarios against the sample client.</summary>
public sealed class ClientConformanceTests
{
    // It measures the milliseconds until the SDK reconnects, and warns when a busy machine is late.
    private static readonly string[] Timed = ["sse-retry"];

    [Theory]
    [InlineData("2025-11-25", 18 - 1)]
    [InlineData("2026-07-28", 32)]
    public async Task Passes_every_client_scenario_that_a_revision_requires(string revision, int required)
    {
        Requires.Conformance();
        var report = await Conformance.CheckClientAsync(revision);
        Assert.True(report.ExitCode == 0, report.Text);
        Assert.Equal(required, report.Passed.Except(report.NotScored).Except(Timed).Count());
        Assert.Empty(new[] { "auth/client-credentials-basic", "auth/client-credentials-jwt" }.Except(report.Passed)); // extensions
    }
}
