using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Answers that the user in front of the page did not give.</summary>
public sealed class ConsentForgeryTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Fact]
    public async Task C_02_refuses_an_answer_without_its_anti_forgery_token()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await AskAsync(client);
        var form = browser.Form(("decision", "allow"));
        form.Remove(BrowserForms.AntiforgeryField);
        await AssertUnansweredAsync(browser, await server.PostFormAsync("/consent", form, browser.Cookies));
    }

    [Fact]
    public async Task C_02_refuses_an_answer_without_the_cookie_of_its_token()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await AskAsync(client);
        await AssertUnansweredAsync(browser, await server.PostFormAsync("/consent", browser.Form(("decision", "allow")), browser.Cookies.Where(cookie => cookie.Name != BrowserForms.AntiforgeryCookie)));
    }

    [Fact]
    public async Task C_02_refuses_the_token_of_another_user()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await AskAsync(client);
        using var other = await AskAsync(client, "bob");
        var foreign = other.Form()[BrowserForms.AntiforgeryField];
        await AssertUnansweredAsync(browser, await server.PostFormAsync("/consent", browser.Form(("decision", "allow"), (BrowserForms.AntiforgeryField, foreign)), browser.Cookies));
    }

    [Fact]
    public async Task C_02_refuses_the_token_of_another_user_together_with_its_cookie()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await AskAsync(client);
        using var other = await AskAsync(client, "bob");
        var cookies = browser.Cookies.Where(cookie => cookie.Name != BrowserForms.AntiforgeryCookie).Concat(other.Cookies.Where(cookie => cookie.Name == BrowserForms.AntiforgeryCookie));
        await AssertUnansweredAsync(browser, await server.PostFormAsync("/consent", browser.Form(("decision", "allow"), (BrowserForms.AntiforgeryField, other.Form()[BrowserForms.AntiforgeryField])), cookies));
    }

    [Fact]
    public async Task C_02_refuses_the_token_of_the_page_before_sign_in()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        var early = browser.Form()[BrowserForms.AntiforgeryField];
        await browser.SignInAsync();
        await AssertUnansweredAsync(browser, await server.PostFormAsync("/consent", browser.Form(("decision", "allow"), (BrowserForms.AntiforgeryField, early)), browser.Cookies));
    }

    private async Task<TestBrowser> AskAsync(TestClient client, string user = "alice", params (string Name, string? Value)[] parameters)
    {
        var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl(parameters));
        return await browser.SignInAsync(user);
    }

    private async Task AssertUnansweredAsync(TestBrowser browser, HttpResponseMessage refused)
    {
        using (refused) await refused.AssertPageAsync();
        await AssertAnswerableAsync(browser);
    }

    // Whatever was refused before left no grant behind and did not use the request up.
    private async Task AssertAnswerableAsync(TestBrowser browser)
    {
        var before = await server.RowsAsync();
        Assert.Equal(0, await server.InDatabaseAsync(db => Task.FromResult(db.AuthorizationCodes.Count(code => code.ClientId == ClientOf(browser)))));
        await browser.SubmitAsync("Allow");
        Assert.StartsWith(TestClient.RedirectUri + "?code=", browser.Location.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(before with { Codes = before.Codes + 1, Grants = before.Grants + 1 }, await server.RowsAsync());
    }

    private static string ClientOf(TestBrowser browser) => browser.Page!.QuerySelector("dd code")!.TextContent;
}
