using System.Net;
using AngleSharp.Dom;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Passwords: what a right one leads to, and how little a wrong one tells.</summary>
public sealed class SignInTests
{
    private const int MaxAttempts = 10;

    [Fact]
    public async Task C_14_goes_on_with_303_after_a_right_password()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        using var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        using var response = await server.PostFormAsync(
            "/signin",
            browser.Form(("username", "alice"), ("password", TestServer.Password)),
            browser.Cookies
        );
        response.AssertAccepted("consent");
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/%09/evil.example")]
    [InlineData("https:evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("///evil.example")]
    [InlineData("https://evil.example/")]
    public async Task C_15_follows_no_return_url(string target)
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        await browser.OpenAsync(
            $"/signin?returnUrl={Uri.EscapeDataString(target)}&ReturnUrl={Uri.EscapeDataString(target)}&redirect={Uri.EscapeDataString(target)}"
        );
        using var signedIn = await server.PostFormAsync(
            $"/signin?returnUrl={Uri.EscapeDataString(target)}",
            browser.Form(("username", "alice"), ("password", TestServer.Password), ("returnUrl", target)),
            browser.Cookies
        );
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.StatusCode);
        Assert.Equal("/", signedIn.Headers.Location?.OriginalString);

        // The one field that says where to go on holds the id of a request, and nothing else.
        using var misused = await server.PostFormAsync(
            "/signin",
            browser.Form(("username", "alice"), ("password", TestServer.Password), ("request", target)),
            browser.Cookies
        );
        await misused.AssertPageAsync();
        using var opened = await browser.OpenAsync($"/signin?request={Uri.EscapeDataString(target)}");
        var page = await opened.Response.AssertPageAsync();
        Assert.DoesNotContain("evil", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("ALICE")]
    [InlineData("nobody")]
    [InlineData("<b>nobody</b>")]
    public async Task C_18_locks_a_name_after_ten_wrong_passwords_whether_it_exists_or_not(string userName)
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            await browser.SignInAsync(userName, $"wrong {attempt}");
            Assert.Equal("Wrong user name or password.", Alert(await browser.Response.AssertPageAsync()));
        }

        await browser.SignInAsync(userName, "wrong again");
        Assert.Equal("Too many attempts. Wait a few minutes, then try again.", Alert(await browser.Response.AssertPageAsync(429)));
        Assert.InRange(browser.Response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(290), TimeSpan.FromSeconds(300));
        await browser.SignInAsync(userName);
        await browser.Response.AssertPageAsync(429);

        await browser.SignInAsync("bob");
        Assert.Equal("/", browser.Location.AbsolutePath);
    }

    [Fact]
    public async Task C_18_opens_again_once_Retry_After_has_passed()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        for (var attempt = 0; attempt <= MaxAttempts; attempt++)
        {
            await browser.SignInAsync("nobody", "wrong");
            await browser.SignInAsync("alice", "wrong");
        }

        await browser.Response.AssertPageAsync(429);
        server.Clock.Advance(browser.Response.Headers.RetryAfter!.Delta!.Value);
        await browser.SignInAsync("nobody");
        Assert.Equal("Wrong user name or password.", Alert(await browser.Response.AssertPageAsync()));
        await browser.SignInAsync();
        Assert.Equal("/", browser.Location.AbsolutePath);
    }

    [Fact]
    public async Task C_18_forgets_wrong_passwords_after_a_right_one()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        for (var round = 0; round < 2; round++)
        {
            using var visitor = server.Browser();
            await visitor.OpenAsync("/signin");
            for (var attempt = 1; attempt < MaxAttempts; attempt++)
                await visitor.SignInAsync("alice", "wrong");
            await visitor.SignInAsync();
            Assert.Equal("/", visitor.Location.AbsolutePath);
        }
    }

    // Else two wrong passwords after a break would tell a name that exists from one that does not.
    [Theory]
    [InlineData("alice")]
    [InlineData("nobody")]
    public async Task C_18_forgets_no_wrong_password_over_time_whether_the_name_exists_or_not(string userName)
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        for (var attempt = 1; attempt < MaxAttempts; attempt++)
            await browser.SignInAsync(userName, "wrong");
        server.Clock.Advance(TimeSpan.FromHours(1));
        await browser.SignInAsync(userName, "wrong");
        await browser.Response.AssertPageAsync();
        await browser.SignInAsync(userName, "wrong");
        await browser.Response.AssertPageAsync(429);
    }

    [Fact]
    public async Task Takes_an_e_mail_address_or_any_letters_as_a_name_however_it_is_spelt()
    {
        await using var server = await TestServer.StartAsync(
            ("Accounts:Seed:2:UserName", "Zoë.Müller@mail.example"),
            ("Accounts:Seed:2:Password", TestServer.Password)
        );
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync(" zoë.MÜLLER@mail.example ");
        Assert.Contains("Signed in as Zoë.Müller@mail.example", browser.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "wrong")]
    [InlineData("alice", "")]
    [InlineData("alice", "Correct horse battery")]
    [InlineData("alice", TestServer.Password + " ")]
    [InlineData("\uFFFF", "wrong")]
    [InlineData("' OR 1=1 --", "wrong")]
    public async Task C_18_says_the_same_of_every_wrong_pair(string userName, string password)
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync(userName, password);
        Assert.Equal("Wrong user name or password.", Alert(await browser.Response.AssertPageAsync()));
    }

    [Fact]
    public async Task C_18_says_the_same_of_values_beyond_every_limit()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync("alice", new string('x', 1025));
        Assert.Equal("Wrong user name or password.", Alert(await browser.Response.AssertPageAsync()));
        await browser.SignInAsync(new string('x', 257), "wrong");
        Assert.Equal("Wrong user name or password.", Alert(await browser.Response.AssertPageAsync()));
    }

    [Fact]
    public async Task Shows_no_password_and_no_markup_again()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync("\"><img src=x>", "the wrong secret");
        Assert.Empty(browser.Page!.QuerySelectorAll("img"));
        Assert.DoesNotContain("the wrong secret", browser.Page!.DocumentElement.OuterHtml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task C_18_counts_wrong_passwords_that_come_at_once()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        for (var round = 0; round < 2; round++)
        {
            var guesses = Enumerable
                .Range(0, MaxAttempts / 2)
                .Select(_ => server.PostFormAsync("/signin", browser.Form(("username", "alice"), ("password", "wrong")), browser.Cookies));
            foreach (var guess in await Task.WhenAll(guesses))
                guess.Dispose();
        }

        await browser.SignInAsync();
        await browser.Response.AssertPageAsync(429);
    }

    [Fact]
    public async Task Signs_out_from_the_front_page()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync();
        await browser.SubmitAsync("Sign out");
        Assert.Equal("/", browser.Location.AbsolutePath);
        Assert.Empty(browser.Page!.Forms);
    }

    private static string? Alert(IParentNode page) => page.QuerySelector("[role=alert]")?.TextContent;
}
