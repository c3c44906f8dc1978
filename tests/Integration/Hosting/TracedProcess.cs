using System.Globalization;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The program under strace, which counts its commits to the disk or kills it in front of one of them.</summary>
internal static class TracedProcess
{
    private const string Strace = "/usr/bin/strace";

    public static bool IsInstalled => File.Exists(Strace);

    /// <summary>How many commits to the disk a run makes.</summary>
    public static async Task<int> CountAsync(string[] arguments, string input)
    {
        var log = Path.GetTempFileName();
        try
        {
            await RunAsync(["-o", log], arguments, input);
            return (await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken)).Count(line =>
                line.Contains("sync(", StringComparison.Ordinal)
            );
        }
        finally
        {
            File.Delete(log);
        }
    }

    /// <summary>Kills the program in front of its commit of this number, as a power failure would: without a clean end.</summary>
    /// <returns>Whether it came to that.</returns>
    public static async Task<bool> KillAtAsync(int commit, string[] arguments, string input) =>
        !await RunAsync(
            ["-o", "/dev/null", "-e", string.Create(CultureInfo.InvariantCulture, $"inject=fsync,fdatasync:signal=SIGKILL:when={commit}")],
            arguments,
            input
        );

    /// <summary>From when it says "attached" to its end, no commit of that process to the disk succeeds.</summary>
    public static ServerProcess FailSyncs(int id) =>
        ServerProcess.StartProgram(
            Strace,
            ["-f", "-p", string.Create(CultureInfo.InvariantCulture, $"{id}"), "-o", "/dev/null", "-e", "inject=fsync,fdatasync:error=EIO"]
        );

    /// <returns>Whether it came to its own end: for a server, to being told to stop.</returns>
    private static async Task<bool> RunAsync(string[] options, string[] arguments, string input)
    {
        await using var strace = ServerProcess.StartProgram(
            Strace,
            [
                "-f",
                "-qq",
                "--seccomp-bpf",
                "-e",
                "trace=fsync,fdatasync",
                .. options,
                ServerProcess.Dotnet,
                ServerProcess.Executable,
                .. arguments,
            ]
        );
        await strace.Process.StandardInput.WriteAsync(input);
        strace.Process.StandardInput.Close();
        try
        {
            if (arguments[0] == "serve")
            {
                await strace.SaysAsync("Application started");
                using var stop = System.Diagnostics.Process.Start(
                    "/bin/sh",
                    ["-c", $"kill -TERM $(cat /proc/{strace.Process.Id}/task/*/children)"]
                );
                await stop.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        }
        catch (InvalidOperationException)
        {
            // It was killed before it could say so.
        }

        await strace.ExitAsync();
        return strace.Process.ExitCode == 0;
    }
}
