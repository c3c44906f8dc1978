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
        using var browser = await server.AskAsync(client);
        var form = browser.Form(("decision", "allow"));
        form.Remove(BrowserForms.AntiforgeryField);
        await server.AssertUnansweredAsync(browser, await server.PostFormAsync("/consent", form, browser.Cookies));
    }

    [Fact]
    public async Task C_02_refuses_an_answer_without_the_cookie_of_its_token()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client);
        await server.AssertUnansweredAsync(
            browser,
            await server.PostFormAsync(
                "/consent",
                browser.Form(("decision", "allow")),
                browser.Cookies.Where(cookie => cookie.Name != server.CookieName("csrf"))
            )
        );
    }

    [Fact]
    public async Task C_02_refuses_the_token_of_another_user()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client);
        using var other = await server.AskAsync(client, "bob");
        var foreign = other.Form()[BrowserForms.AntiforgeryField];
        await server.AssertUnansweredAsync(
            browser,
            await server.PostFormAsync(
                "/consent",
                browser.Form(("decision", "allow"), (BrowserForms.AntiforgeryField, foreign)),
                browser.Cookies
            )
        );
    }

    [Fact]
    public async Task C_02_refuses_the_token_of_another_user_together_with_its_cookie()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client);
        using var other = await server.AskAsync(client, "bob");
        var cookies = browser
            .Cookies.Where(cookie => cookie.Name != server.CookieName("csrf"))
            .Concat(other.Cookies.Where(cookie => cookie.Name == server.CookieName("csrf")));
        await server.AssertUnansweredAsync(
            browser,
            await server.PostFormAsync(
                "/consent",
                browser.Form(("decision", "allow"), (BrowserForms.AntiforgeryField, other.Form()[BrowserForms.AntiforgeryField])),
                cookies
            )
        );
    }

    [Fact]
    public async Task C_02_refuses_the_token_of_the_page_before_sign_in()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        var early = browser.Form()[BrowserForms.AntiforgeryField];
        await browser.SignInAsync();
        await server.AssertUnansweredAsync(
            browser,
            await server.PostFormAsync(
                "/consent",
                browser.Form(("decision", "allow"), (BrowserForms.AntiforgeryField, early)),
                browser.Cookies
            )
        );
    }
}
