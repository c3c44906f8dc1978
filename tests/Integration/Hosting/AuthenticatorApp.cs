using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Integration.Hosting;

/// <summary>A person with an authenticator app, at the pages that ask for its codes.</summary>
internal static class AuthenticatorApp
{
    public const int MaxAttempts = 10;
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    public static string CodeNow(TestServer server, AuthenticatorKey key) => key.CodeAt(server.Clock.GetUtcNow());

    public static AuthenticatorKey KeyOn(TestBrowser browser) =>
        AuthenticatorKey.Parse(new Secret(browser.Page!.QuerySelector("#key")!.TextContent));

    public static async Task<TestBrowser> OpenAccountAsync(TestServer server, string user = "alice")
    {
        var browser = server.Browser();
        await browser.OpenAsync("/account");
        return await browser.SignInAsync(user);
    }

    public static async Task<(AuthenticatorKey Key, List<string> RecoveryCodes)> SetUpAsync(TestServer server, string user = "alice")
    {
        using var browser = await OpenAccountAsync(server, user);
        await browser.OpenAsync("/account/authenticator");
        var key = KeyOn(browser);
        await browser.SubmitAsync("Turn on", ("code", CodeNow(server, key)));
        return (key, [.. browser.Page!.QuerySelectorAll(".codes code").Select(code => code.TextContent)]);
    }

    public static async Task<TestBrowser> EnterPasswordAsync(TestServer server, string url = "/signin")
    {
        var browser = server.Browser();
        await browser.OpenAsync(url);
        return await browser.SignInAsync();
    }

    public static async Task AssertWrongAsync(TestBrowser browser) =>
        Assert.Equal(
            "This code is wrong or was used before.",
            (await browser.Response.AssertPageAsync()).QuerySelector("[role=alert]")?.TextContent
        );
}
