using System.Diagnostics;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The real httpbin, in a process of its own.</summary>
internal sealed class HttpBin : IAsyncDisposable
{
    // Debian's Python, which has Debian's packages, whatever python3 the path finds first.
    private const string Python = "/usr/bin/python3";
    private readonly Process process;

    private HttpBin(Process process, Uri address) => (this.process, Address) = (process, address);

    public static bool IsInstalled { get; } = File.Exists(Python) && Succeeds("import httpbin");

    public Uri Address { get; }

    public static async Task<HttpBin> StartAsync()
    {
        var port = TestServer.FreePort();
        var process = Start($"from httpbin import app; app.run(host='127.0.0.1', port={port})");
        var bin = new HttpBin(process, new Uri($"http://127.0.0.1:{port}"));
        try
        {
            await bin.AnswersAsync();
            return bin;
        }
        catch
        {
            await bin.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    // It says so when it listens; then its first answer is the proof.
    private async Task AnswersAsync()
    {
        var (listens, said) = (
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
            new System.Text.StringBuilder()
        );
        process.ErrorDataReceived += (_, line) =>
        {
            said.AppendLine(line.Data);
            if (line.Data is null)
                listens.TrySetException(new InvalidOperationException($"httpbin did not start: {said}"));
            else if (line.Data.Contains("Running on", StringComparison.Ordinal))
                listens.TrySetResult();
        };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await listens.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        using var http = new HttpClient { BaseAddress = Address };
        (await http.GetAsync("/get", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
    }

    private static bool Succeeds(string program)
    {
        using var process = Start(program);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static Process Start(string program) =>
        Process.Start(
            new ProcessStartInfo(Python, ["-c", program])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                WorkingDirectory = Path.GetTempPath(),
            }
        )!;
}
