using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Samples;

/// <summary>The sample client as a person runs it, a process each time, with a folder of its own for what it keeps.</summary>
internal sealed partial class SampleClient : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "OAuthMcp.Client.dll");

    public string Folder { get; } = TestServer.NewDataDirectory();

    /// <summary>The one sign-in that it keeps.</summary>
    public JsonObject Kept => JsonNode.Parse(File.ReadAllText(Assert.Single(Directory.GetFiles(Folder))))!.AsObject();

    public string AccessToken => (string)Kept["tokens"]!["access_token"]!;
    public string RefreshToken => (string)Kept["tokens"]!["refresh_token"]!;

    // What it writes when it asks somebody.
    private const string Question = "code_challenge_method=S256&";

    [GeneratedRegex(@"^https?://\S+\?\S+$", RegexOptions.Multiline)]
    private static partial Regex Link { get; }

    public ServerProcess Start(string url, IEnumerable<string> arguments, params (string Name, string? Value)[] environment) =>
        ServerProcess.StartProgram(ServerProcess.Dotnet, [Program, url, "--data-directory", Folder, .. arguments], environment);

    /// <summary>A run that asks nobody.</summary>
    public async Task<Run> RunAsync(string url, params string[] arguments)
    {
        await using var client = Start(url, ["--no-browser", .. arguments]);
        client.Process.StandardInput.Close();
        await client.ExitUnlessAsync(client.SaysOnErrorAsync(Question));
        return Run.Of(client);
    }

    /// <summary>A run that succeeds without asking anybody; returns what it wrote.</summary>
    public async Task<string> AnswerAsync(string url, params string[] arguments)
    {
        var run = await RunAsync(url, arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.DoesNotMatch(Link, run.Error);
        return run.Output;
    }

    /// <summary>A run in which it asks the user, who signs in and allows.</summary>
    public Task<SignIn> SignInAsync(IReachable server, params string[] arguments) =>
        AskedAsync(
            server.Resource,
            async link =>
            {
                using var browser = server.Browser();
                return await browser.AllowAsync(link.AbsoluteUri);
            },
            arguments
        );

    /// <summary>A run in which it asks somebody, who answers with a URL for the browser to go to.</summary>
    public async Task<SignIn> AskedAsync(string url, Func<Uri, Task<Uri>> answer, params string[] arguments)
    {
        await using var client = Start(url, ["--no-browser", .. arguments]);
        var link = await LinkAsync(client);
        var callback = await answer(link);
        using var http = new HttpClient();
        var page = await http.GetStringAsync(callback, TestContext.Current.CancellationToken);
        await client.ExitAsync();
        return new SignIn(Run.Of(client), link, callback, page);
    }

    /// <summary>The URL that the person shall open, once it is there.</summary>
    public static async Task<Uri> LinkAsync(ServerProcess client)
    {
        await client.SaysOnErrorAsync(Question);
        return new Uri(Link.Match(client.Error).Value);
    }

    public void Dispose()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    public sealed record Run(int ExitCode, string Output, string Error)
    {
        public static Run Of(ServerProcess client) => new(client.Process.ExitCode, client.Output, client.Error);
    }

    /// <param name="Link">What the browser was asked to open.</param>
    /// <param name="Answer">What it was sent back with.</param>
    /// <param name="Page">What the browser ended on.</param>
    public sealed record SignIn(Run Run, Uri Link, Uri Answer, string Page);
}
