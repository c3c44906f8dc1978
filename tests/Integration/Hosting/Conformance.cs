using System.Text.RegularExpressions;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The official conformance suite, as <see cref="Npm"/> has it.</summary>
internal static class Conformance
{
    private static readonly TimeSpan Patience = 3 * ServerProcess.Patience;

    private const string Package = "@modelcontextprotocol/conformance";

    public static bool IsInstalled => Npm.Has(Package);

    /// <summary>Starts it; the caller waits for its end.</summary>
    public static ServerProcess Start(params IEnumerable<string> arguments) =>
        ServerProcess.StartProgram(Npm.Node, [Path.Combine(Npm.Modules, Package, "dist", "index.js"), .. arguments]);

    /// <summary>Runs every server scenario of a revision to the end.</summary>
    public static async Task<Report> CheckServerAsync(string url, string revision)
    {
        await using var suite = Start("server", "--url", url, "--requirements", revision);
        await suite.ExitAsync();
        return new Report(suite.Process.ExitCode, suite.Output + suite.Error);
    }

    /// <summary>
    /// Runs client scenarios against the sample client to the end. Those of a revision (<c>--requirements</c>) run all at once, and so
    /// not fast.
    /// </summary>
    public static async Task<Report> CheckClientAsync(params string[] selection)
    {
        var command = $"{ServerProcess.Dotnet} {Path.Combine(AppContext.BaseDirectory, "OAuthMcp.ConformanceClient.dll")}";
        await using var suite = Start(["client", "--command", command, .. selection, "--timeout", $"{Patience.TotalMilliseconds}"]);
        await suite
            .Process.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(Patience + ServerProcess.Patience, TestContext.Current.CancellationToken);
        return new Report(suite.Process.ExitCode, suite.Output + suite.Error);
    }

    /// <param name="ExitCode">0 when everything passed that the revision requires.</param>
    public sealed record Report(int ExitCode, string Text)
    {
        /// <summary>Scenarios that checked something and found no fault, by the suite's own summary.</summary>
        public IEnumerable<string> Passed => Named("^✓ (?<name>[a-z0-9_/-]+): [1-9][0-9]* passed, 0 failed");

        /// <summary>Scenarios that found a fault.</summary>
        public IEnumerable<string> Failed => Named("^✗ (?<name>[a-z0-9_/-]+): [0-9]+ passed");

        /// <summary>Scenarios that the revision does not require.</summary>
        public IEnumerable<string> NotScored => Named(@"^ +[✓✗] (?<name>[a-z0-9_/-]+) \(");

        private IEnumerable<string> Named(string line) =>
            Regex.Matches(Text, line, RegexOptions.Multiline).Select(found => found.Groups["name"].Value);
    }
}
