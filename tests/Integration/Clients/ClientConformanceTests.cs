using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>The official suite's client scenarios against the sample client.</summary>
public sealed class ClientConformanceTests
{
    // It measures the milliseconds until the SDK reconnects: too many where all scenarios start at once.
    private const string Timed = "sse-retry";

    [Theory]
    [InlineData("2025-11-25", 18 - 1)]
    [InlineData("2026-07-28", 32)]
    public async Task Passes_every_client_scenario_that_a_revision_requires(string revision, int required)
    {
        Requires.Conformance();
        var report = await Conformance.CheckClientAsync("--requirements", revision);
        Assert.Empty(report.Failed.Except(report.NotScored).Except([Timed]));
        Assert.Equal(required, report.Passed.Except(report.NotScored).Except([Timed]).Count());
        Assert.Empty(new[] { "auth/client-credentials-basic", "auth/client-credentials-jwt" }.Except(report.Passed)); // extensions
    }

    [Fact]
    public async Task Waits_as_long_as_a_stream_says_before_it_opens_it_again()
    {
        Requires.Conformance();
        var report = await Conformance.CheckClientAsync("--scenario", Timed, "--spec-version", "2025-11-25");
        Assert.True(report.ExitCode == 0, report.Text);
    }
}
