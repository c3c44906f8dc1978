using Microsoft.Playwright;
using OAuthMcp.Integration.Hosting;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// Debian's Chromium in its headless form, one process for all tests, started by the first that opens a window. It reaches this machine
/// and no other.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium-headless-shell";

    /// <summary>A domain whose hosts are all this machine: clients on the web.</summary>
    private const string Web = "example";

    // The pages of a test and nothing else: a browser asks its maker for much on its own.
    private static readonly string[] Arguments =
    [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        $"--host-resolver-rules=MAP *.{Web} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ];

    private readonly SemaphoreSlim starting = new(1);
    private IPlaywright? playwright;
    private IBrowser? browser;

    public static bool IsInstalled { get; } = File.Exists(Program);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A window of a browser that has been nowhere: no cookie, no cache. Links are relative to the server.</summary>
    internal async Task<ChromiumWindow> OpenAsync(TestServer server, BrowserNewContextOptions? options = null, string language = "en")
    {
        Requires.Chromium();
        options ??= new();
        options.BaseURL = server.Issuer;
        options.Locale = language;
        options.IgnoreHTTPSErrors = true; // it does not know the test authority
        var context = await (await BrowserAsync()).NewContextAsync(options).WaitAsync(ServerProcess.Patience);
        return await ChromiumWindow.OpenAsync(context, language).WaitAsync(ServerProcess.Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        starting.Dispose();
    }

    private async Task<IBrowser> BrowserAsync()
    {
        await starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            playwright ??= await Playwright.CreateAsync();
            return browser ??= await playwright.Chromium.LaunchAsync(
                new()
                {
                    ExecutablePath = Program,
                    Args = Arguments,
                    ChromiumSandbox = false,
                }
            );
        }
        finally
        {
            starting.Release();
        }
    }
}
