using System.Text.Json.Nodes;

namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// A real client in a process of its own, which says each step and waits for the next wish: <c>Clients/Drivers/steps.mjs</c> is its
/// other end.
/// </summary>
internal sealed class DrivenClient : IAsyncDisposable
{
    private readonly ServerProcess process;

    private DrivenClient(ServerProcess process) => this.process = process;

    /// <param name="driver">A file of <c>Clients/Drivers</c>.</param>
    /// <param name="arguments">Its arguments; null ones are left out.</param>
    public static DrivenClient Start(string driver, params IEnumerable<string?> arguments) =>
        new(ServerProcess.StartProgram(Npm.Node, [Npm.Driver(driver), .. arguments.OfType<string>()]));

    /// <summary>The value of the next step of this name.</summary>
    public async Task<JsonNode> SaysAsync(string step) => JsonNode.Parse((await process.NextLineAsync(step + " "))[step.Length..])!;

    /// <summary>Opens what the client asks the user for, and brings the answer back to it.</summary>
    public async Task SignInAsync(TestBrowser browser) => await browser.AllowAndReturnAsync((string)(await SaysAsync("authorize"))!);

    public Task WishAsync(string wish) => process.Process.StandardInput.WriteLineAsync(wish);

    public async Task<string[]> ListToolsAsync()
    {
        await WishAsync("list");
        return [.. (await SaysAsync("tools")).AsArray().Select(name => (string)name!)];
    }

    /// <summary>The structured content of a call.</summary>
    public async Task<JsonNode> CallAsync(string tool)
    {
        await WishAsync(tool);
        return (await SaysAsync("called"))["structuredContent"]!;
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
