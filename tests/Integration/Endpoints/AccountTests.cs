using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>The account page: for whoever has just signed in, and what a changed password ends.</summary>
public sealed class AccountTests
{
    private const string NewPassword = "another long password";

    [Fact]
    public async Task R_11_changing_the_password_ends_other_sessions_and_every_grant_and_keeps_this_browser()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (_, refresh) = await client.SignInAsync();
        using var elsewhere = await OpenAsync(server);
        using var browser = await OpenAsync(server);
        await ChangeAsync(browser, TestServer.Password, NewPassword);
        Assert.Equal("/account?notice=password-changed", browser.Location.PathAndQuery);
        Assert.Contains("Signed in as alice", browser.Text, StringComparison.Ordinal);

        await elsewhere.OpenAsync("/");
        Assert.DoesNotContain("Signed in as", elsewhere.Text, StringComparison.Ordinal);
        using var refreshed = await client.RefreshAsync(refresh);
        await refreshed.AssertErrorAsync(400, "invalid_grant");

        using var next = server.Browser();
        await next.OpenAsync("/signin");
        await next.SignInAsync();
        await next.Response.AssertPageAsync();
        await next.SignInAsync("alice", NewPassword);
        Assert.Equal("/", next.Location.AbsolutePath);
    }

    [Fact]
    public async Task Changing_the_password_forgets_what_was_allowed()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray("https://client.example/callback")));
        var url = client.AuthorizationUrl(("redirect_uri", "https://client.example/callback"));
        using var browser = server.Browser();
        browser.FetchSite = "none";
        await browser.AllowAsync(url);
        await browser.OpenAsync("/account");
        await ChangeAsync(browser, TestServer.Password, NewPassword);
        await browser.OpenAsync(url);
        Assert.Equal("/consent", browser.Location.AbsolutePath);
    }

    [Theory]
    [InlineData("wrong", NewPassword, "password-wrong")]
    [InlineData("", NewPassword, "password-wrong")]
    [InlineData(TestServer.Password, "short", "password-unusable")]
    [InlineData(TestServer.Password, "", "password-unusable")]
    [InlineData(TestServer.Password, "Password123", "password-common")]
    [InlineData(TestServer.Password, "alice@localhost", "password-of-names")]
    public async Task Changes_nothing_without_the_current_password_or_for_an_unusable_one(string current, string password, string notice)
    {
        await using var server = await TestServer.StartAsync();
        using var browser = await OpenAsync(server);
        await ChangeAsync(browser, current, password);
        Assert.Equal($"/account?notice={notice}", browser.Location.PathAndQuery);
        Assert.NotEmpty(browser.Page!.QuerySelectorAll("[role=alert]:not([hidden])"));
        using var other = await OpenAsync(server);
        Assert.Equal("/account", other.Location.AbsolutePath);
    }

    [Fact]
    public async Task Changing_the_password_removes_the_passkeys_that_were_ticked_and_no_other()
    {
        await using var server = await TestServer.StartAsync();
        using TestPasskey stolen = new(server.Issuer),
            mine = new(server.Issuer);
        using var browser = await OpenAsync(server);
        Assert.Empty(browser.Page!.QuerySelectorAll("[name=remove]"));
        foreach (var (passkey, name) in new[] { (stolen, "stolen"), (mine, "mine") })
            await browser.SubmitAsync("Add a passkey", ("credential", passkey.Create(Options(browser))), ("name", name));
        var box = browser.Page.QuerySelectorAll("[name=remove]").Single(found => found.ParentElement!.TextContent.Contains("stolen"));
        await browser.SubmitAsync(
            "Change password",
            ("current", TestServer.Password),
            ("password", NewPassword),
            ("remove", box.GetAttribute("value")!)
        );
        Assert.Equal("/account?notice=password-changed-passkeys-removed", browser.Location.PathAndQuery);
        Assert.Contains("the passkeys that you ticked are removed", browser.Text, StringComparison.Ordinal);
        Assert.Equal("mine", Assert.Single(browser.Page!.QuerySelectorAll(".rows strong")).TextContent);
        foreach (var (passkey, path) in new[] { (stolen, "/signin"), (mine, "/") })
        {
            using var other = server.Browser();
            await other.OpenAsync("/signin");
            await other.SubmitAsync("Sign in with a passkey", ("credential", passkey.Get(Options(other))));
            Assert.Equal(path, other.Location.AbsolutePath);
        }
    }

    [Fact]
    public async Task C_18_counts_wrong_current_passwords()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = await OpenAsync(server);
        for (var attempt = 0; attempt < 10; attempt++)
            await ChangeAsync(browser, "wrong", NewPassword);
        await ChangeAsync(browser, TestServer.Password, NewPassword);
        Assert.Equal("/account?notice=too-many", browser.Location.PathAndQuery);
    }

    [Theory]
    [InlineData("/account")]
    [InlineData("/account/authenticator")]
    [InlineData("/account/password")]
    [InlineData("/account/passkeys")]
    [InlineData("/account/passkeys/remove")]
    [InlineData("/account/authenticator/off")]
    [InlineData("/account/recovery-codes")]
    public async Task Asks_who_it_is_a_quarter_of_an_hour_after_the_sign_in(string path)
    {
        await using var server = await TestServer.StartAsync();
        using var browser = await OpenAsync(server);
        var form = browser.Form();
        server.Clock.Advance(TimeSpan.FromMinutes(15));
        using (var posted = await server.PostFormAsync(path, form, browser.Cookies))
            Assert.Equal("/signin?then=account", posted.Headers.Location?.OriginalString);
        await browser.OpenAsync(path);
        Assert.Equal("/signin?then=account", browser.Location.PathAndQuery);
        Assert.Contains("Show once more that it is you.", browser.Text, StringComparison.Ordinal);
        Assert.Equal("alice", browser.Page!.QuerySelector("[name=username]")!.GetAttribute("value"));
        await browser.SignInAsync();
        Assert.Equal("/account", browser.Location.PathAndQuery);
    }

    [Fact]
    public async Task Says_what_it_knows_by_name_and_nothing_else()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = await OpenAsync(server);
        await browser.OpenAsync("/account?notice=Call%20%2B1%20555%20now");
        Assert.DoesNotContain("555", browser.Page!.DocumentElement.OuterHtml, StringComparison.Ordinal);
    }

    private static async Task<TestBrowser> OpenAsync(TestServer server)
    {
        var browser = server.Browser();
        await browser.OpenAsync("/account");
        return await browser.SignInAsync();
    }

    private static string Options(TestBrowser browser) => browser.Page!.QuerySelector("[data-passkey]")!.GetAttribute("data-passkey")!;

    private static Task<TestBrowser> ChangeAsync(TestBrowser browser, string current, string password) =>
        browser.SubmitAsync("Change password", ("current", current), ("password", password));
}
