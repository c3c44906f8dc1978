using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>The official suite's client scenarios against the sample client.</summary>
public sealed class ClientConformanceTests
{
    [Theory]
    [InlineData("2025-11-25", 18)]
    [InlineData("2026-07-28", 32)]
    public async Task Passes_every_client_scenario_that_a_revision_requires(string revision, int required)
    {
        Requires.Conformance();
        var report = await Conformance.CheckClientAsync("--requirements", revision);
        var passed = report.Passed.Except(report.NotScored).ToList();
        // All start at once, and on a busy machine the suite's own servers drop a connection or measure a wait that is too long.
        foreach (var scenario in report.Failed.Except(report.NotScored))
        {
            var alone = await Conformance.CheckClientAsync("--scenario", scenario, "--spec-version", revision);
            Assert.True(alone.ExitCode == 0, report.Text + alone.Text);
            passed.Add(scenario);
        }

        Assert.Equal(required, passed.Count);
        Assert.Empty(new[] { "auth/client-credentials-basic", "auth/client-credentials-jwt" }.Except(report.Passed)); // extensions
    }
}
