using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// A real OpenID provider, npm's <c>oidc-provider</c>, in a process of its own. Whoever comes is signed in as <c>ada</c> and allows
/// everything.
/// </summary>
internal sealed class OidcProvider : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<JsonElement> events = new();

    private OidcProvider(Process process, string issuer) => (this.process, Issuer) = (process, issuer);

    public static bool IsInstalled { get; } = Npm.Has("oidc-provider");

    public string Issuer { get; }

    /// <summary>Token requests that were served, by grant type.</summary>
    public int Served(string grantType) =>
        events.Count(line => line.GetProperty("event").GetString() == "token" && line.GetProperty("grant").GetString() == grantType);

    /// <param name="settings">Members of the settings that <c>oidc-provider.mjs</c> reads.</param>
    public static async Task<OidcProvider> StartAsync(object settings, int? port = null)
    {
        var members = JsonSerializer.SerializeToNode(settings, JsonSerializerOptions.Web)!.AsObject();
        var listenTo = port ?? TestServer.FreePort();
        members["port"] = listenTo;
        var script = Path.Combine(AppContext.BaseDirectory, "Upstream", "oidc-provider.mjs");
        var process = Process.Start(
            new ProcessStartInfo(Npm.Node, [script, Npm.Modules, members.ToJsonString()])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Path.GetTempPath(),
            }
        )!;
        var provider = new OidcProvider(process, $"http://127.0.0.1:{listenTo}{members["path"]}");
        try
        {
            await provider.ListensAsync();
            return provider;
        }
        catch
        {
            await provider.DisposeAsync();
            throw;
        }
    }

    /// <summary>As when its machine goes down.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private async Task ListensAsync()
    {
        var (listens, complaints) = (
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
            new System.Text.StringBuilder()
        );
        process.ErrorDataReceived += (_, line) => complaints.AppendLine(line.Data);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
                listens.TrySetException(new InvalidOperationException($"The provider did not start: {complaints}"));
            if (line.Data is not ['{', ..])
                return;
            events.Enqueue(JsonElement.Parse(line.Data));
            listens.TrySetResult();
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await listens.Task.WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken);
    }
}
