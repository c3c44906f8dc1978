using System.Diagnostics;
using System.Text;
using OAuthMcp.Api.Hosting;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The program as its operator runs it: a process of its own, with arguments, environment and streams.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>Much longer than anything takes; a test that gets here has failed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Much longer than an answer of a server that runs takes.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly StringBuilder output = new();
    private readonly StringBuilder error = new();
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, int> taken = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process) => Process = process;

    /// <summary>The program beside the tests, or where <c>OAUTHMCP_TEST_PROGRAM</c> says, such as one that was published.</summary>
    public static string Executable { get; } =
        Environment.GetEnvironmentVariable("OAUTHMCP_TEST_PROGRAM") is { Length: > 0 } program
            ? program
            : typeof(HttpServer).Assembly.Location;

    public static string Dotnet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public Process Process { get; }
    public string Output => Locked(() => output.ToString());
    public string Error => Locked(() => error.ToString());

    public static ServerProcess Start(IEnumerable<string> arguments, params (string Name, string? Value)[] environment) =>
        StartProgram(Dotnet, [Executable, .. ChosenDatabase.Beside([.. arguments])], environment);

    /// <summary>Another program, with the same care for what it says and for its end.</summary>
    public static ServerProcess StartProgram(
        string program,
        IEnumerable<string> arguments,
        params (string Name, string? Value)[] environment
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var inherited in new[] { "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "ASPNETCORE_URLS", "API_KEY" })
            start.Environment.Remove(inherited);
        start.Environment["DOTNET_TieredPGO"] = "0"; // what is learnt of a program that lives for seconds pays for nothing
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var server = new ServerProcess(Process.Start(start)!);
        server.Process.OutputDataReceived += (_, line) => server.Add(server.output, line.Data);
        server.Process.ErrorDataReceived += (_, line) => server.Add(server.error, line.Data);
        server.Process.BeginOutputReadLine();
        server.Process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        IEnumerable<string> arguments,
        string input = "",
        params (string Name, string? Value)[] environment
    )
    {
        await using var server = Start(arguments, environment);
        await server.Process.StandardInput.WriteAsync(input);
        server.Process.StandardInput.Close();
        await server.ExitUnlessAsync(server.SaysAsync("Application started"));
        return (server.Process.ExitCode, server.Output, server.Error);
    }

    /// <summary>Until standard output says this.</summary>
    public Task SaysAsync(string text) => UntilAsync(() => Output, text);

    /// <summary>Until standard error says this.</summary>
    public Task SaysOnErrorAsync(string text) => UntilAsync(() => Error, text);

    /// <summary>The next line of standard output with this start, which no earlier call took.</summary>
    public async Task<string> NextLineAsync(string start)
    {
        while (true)
        {
            var next = Locked(() => changed.Task);
            var lines = Output.Split('\n')[..^1];
            var found = Array.FindIndex(lines, taken.GetValueOrDefault(start), line => line.StartsWith(start, StringComparison.Ordinal));
            if (found >= 0)
            {
                taken[start] = found + 1;
                return lines[found];
            }

            if (closed.Task.IsCompleted)
                throw new InvalidOperationException($"It ended before it said '{start}': {Output}{Error}");
            await Task.WhenAny(next, closed.Task).WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Until it has ended and all it wrote was read.</summary>
    public Task ExitAsync() =>
        Process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);

    /// <summary>The same for a program that may go on instead, which fails as soon as it says so.</summary>
    public async Task ExitUnlessAsync(Task goesOn)
    {
        var exit = ExitAsync();
        if (await Task.WhenAny(exit, goesOn) == goesOn && goesOn.IsCompletedSuccessfully)
            Assert.Fail($"It goes on: {Output}{Error}");
        await exit;
    }

    /// <summary>SIGTERM, as a service manager sends it.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {Process.Id}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
            Process.Kill(entireProcessTree: true);
        await Process.WaitForExitAsync(CancellationToken.None);
        Process.Dispose();
    }

    private async Task UntilAsync(Func<string> read, string text)
    {
        while (true)
        {
            var next = Locked(() => changed.Task);
            if (read().Contains(text, StringComparison.Ordinal))
                return;
            if (closed.Task.IsCompleted)
                throw new InvalidOperationException($"It ended before it said '{text}': {Output}{Error}");
            await Task.WhenAny(next, closed.Task).WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
    }

    private void Add(StringBuilder to, string? line)
    {
        if (line is null && to == output)
            closed.TrySetResult();
        Locked(() =>
            {
                if (line is not null)
                    to.Append(line).Append('\n');
                var seen = changed;
                changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                return seen;
            })
            .TrySetResult();
    }

    private T Locked<T>(Func<T> read)
    {
        lock (output)
            return read();
    }
}
