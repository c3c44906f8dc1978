using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Packages;

/// <summary>
/// The dotnet command as a developer has it who has just installed it and is offline: the packages that these tests were built with are
/// there, and what it keeps goes into a folder of its own.
/// </summary>
internal sealed class Dotnet(string home)
{
    private static readonly TimeSpan Patience = 5 * ServerProcess.Patience;

    private readonly (string Name, string? Value)[] environment =
    [
        ("DOTNET_CLI_HOME", home),
        ("HOME", home), // where user secrets are
        ("DOTNET_NOLOGO", "true"),
        ("DOTNET_CLI_TELEMETRY_OPTOUT", "true"),
        ("DOTNET_GENERATE_ASPNET_CERTIFICATE", "false"),
        ("NUGET_PACKAGES", Path.Combine(home, "packages")),
        ("NUGET_FALLBACK_PACKAGES", Restored),
        ("NuGetAudit", "false"), // which asks the network
        // Nothing goes on when a command has ended.
        ("MSBUILDDISABLENODEREUSE", "1"),
        ("UseSharedCompilation", "false"),
    ];

    private static string Restored =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Runs a command to its end, which has to be a good one.</summary>
    /// <returns>What it said.</returns>
    public async Task<string> RunAsync(string folder, params IEnumerable<string> arguments)
    {
        await using var command = Start(folder, arguments);
        await command
            .Process.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(command.Process.ExitCode == 0, command.Output + command.Error);
        return command.Output;
    }

    /// <summary>Starts one that goes on.</summary>
    public ServerProcess Start(string folder, params IEnumerable<string> arguments) =>
        ServerProcess.StartProgram("env", ["--chdir", folder, ServerProcess.Dotnet, .. arguments], environment);
}
