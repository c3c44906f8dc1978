using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Browser;

/// <summary>
/// The redirect from consent to the client goes on to the client's own program, which a Content-Security-Policy could stop.
/// </summary>
public sealed class RedirectChainTests(SharedServer shared, Chromium chromium) : IClassFixture<SharedServer>
{
    private const string Program = "cursor://anysphere.cursor-mcp/oauth/callback";
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("https")]
    [InlineData("http")]
    public async Task C_30_reaches_the_client_that_sends_the_browser_on_to_its_program(string scheme)
    {
        await using var callback = await StartClientAsync(scheme);
        await using var window = await AskAsync(callback.RedirectUri);
        var opened = await window.Page.RunAndWaitForRequestAsync(
            () => window.PressAsync("Allow"),
            request => request.Url.StartsWith(Program, StringComparison.Ordinal)
        );
        var answer = await callback.NextAsync();
        Assert.Contains($"code={answer.Code}", opened.Url, StringComparison.Ordinal);
        Assert.Null(answer.Referrer);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task C_30_opens_the_program_itself_where_the_client_names_it()
    {
        await using var window = await AskAsync(Program);
        var opened = await window.Page.RunAndWaitForRequestAsync(
            () => window.PressAsync("Allow"),
            request => request.Url.StartsWith(Program, StringComparison.Ordinal)
        );
        Assert.Contains("?code=", opened.Url, StringComparison.Ordinal);
        Assert.Empty(window.Complaints);
    }

    // The controls: Chromium would stop here, so the tests above say something. The second policy names the client, which does not help.
    [Theory]
    [InlineData("form-action 'self'", 0)]
    [InlineData("form-action 'self' https://*.example:*", 1)]
    public async Task C_30_would_not_with_a_policy_on_forms(string directive, int answers)
    {
        await using var callback = await StartClientAsync("https");
        await using var window = await AskAsync(callback.RedirectUri);
        await window.ReloadWithAsync(directive);
        var complaint = await window.Page.RunAndWaitForConsoleMessageAsync(
            () => window.PressAsync("Allow"),
            new() { Predicate = message => message.Type == "error" }
        );
        Assert.Contains(directive, complaint.Text, StringComparison.Ordinal);
        Assert.Equal(answers, callback.Waiting);
        Assert.DoesNotContain(window.Requests, request => request.Url.StartsWith(Program, StringComparison.Ordinal));
    }

    private static Task<Callback> StartClientAsync(string scheme) =>
        scheme == "https"
            ? Callback.StartAsync("client.example", Program, TestAuthority.Localhost)
            : Callback.StartAsync("127.0.0.1", Program);

    private async Task<ChromiumWindow> AskAsync(string redirectUri)
    {
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(redirectUri)));
        var window = await chromium.OpenAsync(server);
        await window.AskAsync(client.AuthorizationUrl(("redirect_uri", redirectUri)));
        return window;
    }
}
