using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Passkeys: added on the account page, good for signing in there where they were made, and for nothing after.</summary>
public sealed class PasskeyTests
{
    [Fact]
    public async Task Signs_in_with_a_passkey_that_was_added_before()
    {
        await using var server = await TestServer.StartAsync();
        using var passkey = new TestPasskey(server.Issuer);
        using var account = await AddAsync(server, passkey);
        Assert.Equal("/account?notice=passkey-added", account.Location.PathAndQuery);
        Assert.Contains("my laptop", account.Text, StringComparison.Ordinal);

        using var browser = await SignInAsync(server, passkey);
        Assert.Contains("Signed in as alice", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goes_on_with_the_request_of_a_client()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        using var passkey = new TestPasskey(server.Issuer);
        using var account = await AddAsync(server, passkey);
        using var browser = await SignInAsync(server, passkey, client.AuthorizationUrl());
        await browser.SubmitAsync("Allow");
        Assert.StartsWith(TestClient.RedirectUri + "?code=", browser.Location.AbsoluteUri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("frame")]
    [InlineData("owner")]
    [InlineData("counter")]
    [InlineData("unknown")]
    public async Task Refuses_a_passkey_that_answers_wrongly(string wrong)
    {
        await using var server = await TestServer.StartAsync();
        using var passkey = new TestPasskey(server.Issuer);
        using var other = new TestPasskey(server.Issuer);
        using var account = await AddAsync(server, passkey);
        if (wrong == "origin")
            passkey.Origin = "https://localhost.evil.example";
        if (wrong == "frame")
            passkey.IsCrossOrigin = true;
        if (wrong == "owner")
            passkey.VerifiesItsOwner = false;
        if (wrong == "counter")
            passkey.Counter = 1;
        using var browser = await SignInAsync(server, wrong == "unknown" ? other : passkey);
        await AssertRefusedAsync(browser);
    }

    [Fact]
    public async Task Takes_an_answer_once_and_for_five_minutes()
    {
        await using var server = await TestServer.StartAsync();
        using var passkey = new TestPasskey(server.Issuer);
        using var account = await AddAsync(server, passkey);
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        var (state, answer) = (State(browser), passkey.Get(Options(browser)));
        await browser.SubmitAsync("Sign in with a passkey", ("credential", answer));
        Assert.Equal("/", browser.Location.AbsolutePath);

        using var thief = server.Browser();
        await thief.OpenAsync("/signin");
        await thief.SubmitAsync("Sign in with a passkey", ("credential", answer), ("state", state));
        await AssertRefusedAsync(thief);
        await thief.SubmitAsync("Sign in with a passkey", ("credential", passkey.Get(Options(thief))), ("state", "forged"));
        await AssertRefusedAsync(thief);

        var late = passkey.Get(Options(thief));
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        await thief.SubmitAsync("Sign in with a passkey", ("credential", late));
        await AssertRefusedAsync(thief);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("{}", null)]
    [InlineData("null", null)]
    [InlineData("{\"id\":1,\"response\":[]}", null)]
    public async Task Refuses_an_answer_that_is_none(string credential, string? state)
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SubmitAsync("Sign in with a passkey", ("credential", credential), ("state", state ?? State(browser)));
        await AssertRefusedAsync(browser);
    }

    [Fact]
    public async Task Adds_no_passkey_by_the_challenge_of_another_account()
    {
        await using var server = await TestServer.StartAsync();
        using var passkey = new TestPasskey(server.Issuer);
        using var bob = await OpenAccountAsync(server, "bob");
        var (state, answer) = (State(bob), passkey.Create(Options(bob)));
        using var alice = await OpenAccountAsync(server);
        await alice.SubmitAsync("Add a passkey", ("credential", answer), ("state", state));
        Assert.Equal("/account?notice=passkey-refused", alice.Location.PathAndQuery);
        using var browser = await SignInAsync(server, passkey);
        await AssertRefusedAsync(browser);
    }

    [Fact]
    public async Task Refuses_a_passkey_once_it_is_removed()
    {
        await using var server = await TestServer.StartAsync();
        using var passkey = new TestPasskey(server.Issuer);
        using var account = await AddAsync(server, passkey);
        await account.FollowAsync("Remove");
        Assert.Contains("my laptop", account.Text, StringComparison.Ordinal);
        using (var asked = await SignInAsync(server, passkey))
            Assert.Equal("/", asked.Location.AbsolutePath); // the question alone removes nothing
        await account.FollowAsync("Keep it");
        Assert.Contains("my laptop", account.Text, StringComparison.Ordinal);
        await account.FollowAsync("Remove");
        await account.SubmitAsync("Remove");
        Assert.Equal("/account?notice=passkey-removed", account.Location.PathAndQuery);
        Assert.Contains("The passkey is removed", account.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("my laptop", account.Text, StringComparison.Ordinal);
        using var browser = await SignInAsync(server, passkey);
        await AssertRefusedAsync(browser);
    }

    [Fact]
    public async Task Removes_no_passkey_of_another_account()
    {
        await using var server = await TestServer.StartAsync();
        using var passkey = new TestPasskey(server.Issuer);
        using var account = await AddAsync(server, passkey);
        var id = account.Page!.QuerySelector("[name=remove]")!.GetAttribute("value")!;
        using var bob = await OpenAccountAsync(server, "bob");
        await bob.OpenAsync($"/account/passkeys/remove?id={id}");
        Assert.Equal("/account", bob.Location.PathAndQuery); // there is nothing to ask about
        await bob.PostAsync("/account/passkeys/remove", ("id", id));
        Assert.Equal("/account?notice=passkey-removed", bob.Location.PathAndQuery);
        await bob.PostAsync("/account/password", ("current", TestServer.Password), ("password", "another long password"), ("remove", id));
        Assert.Equal("/account?notice=password-changed", bob.Location.PathAndQuery);

        using var browser = await SignInAsync(server, passkey);
        Assert.Equal("/", browser.Location.AbsolutePath);
    }

    [Fact]
    public async Task T_21_refuses_the_passkey_of_a_disabled_user()
    {
        await using var server = await TestServer.StartAsync();
        using var passkey = new TestPasskey(server.Issuer);
        using var account = await AddAsync(server, passkey);
        await server.DisableUserAsync("alice");
        using var browser = await SignInAsync(server, passkey);
        await AssertRefusedAsync(browser);
    }

    [Fact]
    public async Task Runs_a_script_of_this_server_on_the_pages_that_need_one_and_none_elsewhere()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = await OpenAccountAsync(server);
        foreach (
            var (path, script) in new[]
            {
                ("/account", "/passkeys.js"),
                ("/signin", "/passkeys.js"),
                ("/", "/copy.js"),
                ("/connections", null),
                ("/account/authenticator", null),
                ("/nowhere", null),
            }
        )
        {
            await browser.OpenAsync(path);
            Assert.Equal(
                script is not null,
                browser
                    .Response.Headers.GetValues("Content-Security-Policy")
                    .Single()
                    .Contains("script-src 'self'", StringComparison.Ordinal)
            );
            Assert.Equal(
                script is null ? Array.Empty<string?>() : [script],
                browser.Page!.QuerySelectorAll("script").Select(element => element.GetAttribute("src"))
            );
            Assert.All(browser.Page.QuerySelectorAll("script"), element => Assert.Empty(element.TextContent));
        }
    }

    private static string Options(TestBrowser browser) => browser.Page!.QuerySelector("[data-passkey]")!.GetAttribute("data-passkey")!;

    private static string State(TestBrowser browser) => browser.Page!.QuerySelector("[name=state]")!.GetAttribute("value")!;

    private static async Task<TestBrowser> OpenAccountAsync(TestServer server, string user = "alice")
    {
        var browser = server.Browser();
        await browser.OpenAsync("/account");
        return await browser.SignInAsync(user);
    }

    private static async Task<TestBrowser> AddAsync(TestServer server, TestPasskey passkey)
    {
        var browser = await OpenAccountAsync(server);
        return await browser.SubmitAsync("Add a passkey", ("credential", passkey.Create(Options(browser))), ("name", "my laptop"));
    }

    private static async Task<TestBrowser> SignInAsync(TestServer server, TestPasskey passkey, string url = "/signin")
    {
        var browser = server.Browser();
        await browser.OpenAsync(url);
        return await browser.SubmitAsync("Sign in with a passkey", ("credential", passkey.Get(Options(browser))));
    }

    private static async Task AssertRefusedAsync(TestBrowser browser)
    {
        var page = await browser.Response.AssertPageAsync();
        Assert.Equal("That passkey did not work. Try again, or sign in another way.", page.QuerySelector("[role=alert]")?.TextContent);
    }
}
