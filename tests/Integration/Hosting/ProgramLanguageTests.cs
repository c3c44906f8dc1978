using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The languages of the program as it is delivered, whatever its operator's own is.</summary>
public sealed class ProgramLanguageTests : IDisposable
{
    private readonly string data = TestServer.NewDataDirectory();

    [Fact]
    public async Task Pages_are_in_the_language_of_their_reader_and_the_log_is_in_English()
    {
        await using var server = await StartAsync(("LANG", "de_DE.UTF-8"), ("LC_ALL", "de_DE.UTF-8"));
        Assert.Equal("Anmelden", await HeadingAsync("de"));
        Assert.Equal("Sign in", await HeadingAsync("fr"));
        Assert.Equal("Sign in", await HeadingAsync(null));
        Assert.Equal(["en", "de"], await LanguagesAsync());
        Assert.DoesNotContain("ICU", server.Output, StringComparison.Ordinal);

        var (_, help, _) = await ServerProcess.RunAsync(["users", "--help"], "", ("LANG", "de_DE.UTF-8"), ("LC_ALL", "de_DE.UTF-8"));
        Assert.Contains("Usage:", help, StringComparison.Ordinal);
    }

    /// <summary>Without ICU there is no other culture: a page that is half German would be worse than one in English.</summary>
    [Fact]
    public async Task Without_ICU_pages_are_in_English_and_the_start_says_so()
    {
        await using var server = await StartAsync(("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1"));
        Assert.Equal("Sign in", await HeadingAsync("de"));
        Assert.Equal(["en"], await LanguagesAsync());
        Assert.Contains("the pages are in English alone", server.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(data, recursive: true);

    private Uri Address { get; } = new($"http://localhost:{TestServer.FreePort()}");

    private async Task<ServerProcess> StartAsync(params (string Name, string? Value)[] environment)
    {
        var server = ServerProcess.Start(["--addr", Address.Authority, $"--Server:DataDirectory={data}"], environment);
        await server.SaysAsync("Application started");
        return server;
    }

    private async Task<string> HeadingAsync(string? accepted)
    {
        using var browser = new TestBrowser(Address, [], TestContext.Current.CancellationToken) { Languages = accepted };
        await browser.OpenAsync("/signin");
        return browser.Page!.QuerySelector("h1")!.TextContent;
    }

    private async Task<IEnumerable<string>> LanguagesAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        var metadata = await http.GetFromJsonAsync<JsonObject>(
            "/.well-known/oauth-authorization-server",
            TestContext.Current.CancellationToken
        );
        return metadata!["ui_locales_supported"]!.AsArray().Select(language => (string)language!);
    }
}
