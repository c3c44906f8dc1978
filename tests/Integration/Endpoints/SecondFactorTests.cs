using Microsoft.EntityFrameworkCore;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Integration.Hosting;
using static OAuthMcp.Integration.Hosting.AuthenticatorApp;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>The authenticator app: set up by its owner, asked for after the password, each code once, wrong ones counted.</summary>
public sealed class SecondFactorTests
{
    [Fact]
    public async Task Asks_for_a_code_after_the_password_once_the_app_is_set_up()
    {
        await using var server = await TestServer.StartAsync();
        var (key, recoveryCodes) = await SetUpAsync(server);
        Assert.Equal(10, recoveryCodes.Distinct().Count());

        server.Clock.Advance(Step);
        using var browser = await EnterPasswordAsync(server, "/connections");
        Assert.Equal("/signin/code?then=connections", browser.Location.PathAndQuery);
        await browser.SubmitAsync("Sign in", ("code", CodeNow(server, key)));
        Assert.Equal("/connections", browser.Location.PathAndQuery);
        Assert.Contains("Signed in as alice", browser.Text, StringComparison.Ordinal);
        using var bob = server.Browser();
        await bob.OpenAsync("/signin");
        Assert.Equal("/", (await bob.SignInAsync("bob")).Location.AbsolutePath);
    }

    [Fact]
    public async Task Goes_on_with_the_request_of_a_client()
    {
        await using var server = await TestServer.StartAsync();
        var (key, _) = await SetUpAsync(server);
        server.Clock.Advance(Step);
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await EnterPasswordAsync(server, client.AuthorizationUrl());
        await browser.SubmitAsync("Sign in", ("code", CodeNow(server, key)));
        await browser.SubmitAsync("Allow");
        Assert.StartsWith(TestClient.RedirectUri + "?code=", browser.Location.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_set_up_by_the_code_of_its_own_key_alone()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = await OpenAccountAsync(server);
        await browser.OpenAsync("/account/authenticator");
        var key = KeyOn(browser);
        Assert.Contains(
            Uri.EscapeDataString("alice"),
            browser.Page!.QuerySelector("a[href^='otpauth:']")!.GetAttribute("href"),
            StringComparison.Ordinal
        );
        Assert.NotEmpty(browser.Page.QuerySelectorAll("svg.qr path"));

        await browser.SubmitAsync("Turn on", ("code", AuthenticatorKey.Generate().CodeAt(server.Clock.GetUtcNow())));
        await browser.Response.AssertPageAsync();
        Assert.Equal(key.Text(), KeyOn(browser).Text());
        using var other = await EnterPasswordAsync(server);
        Assert.Equal("/", other.Location.AbsolutePath);

        await browser.SubmitAsync("Turn on", ("code", key.CodeAt(server.Clock.GetUtcNow())));
        Assert.NotEmpty(browser.Page!.QuerySelectorAll(".codes code"));
    }

    [Fact]
    public async Task Takes_each_code_once()
    {
        await using var server = await TestServer.StartAsync();
        var (key, _) = await SetUpAsync(server);
        using var first = await EnterPasswordAsync(server);
        await first.SubmitAsync("Sign in", ("code", CodeNow(server, key))); // the one that proved the key
        await AssertWrongAsync(first);

        server.Clock.Advance(Step);
        var code = CodeNow(server, key);
        await first.SubmitAsync("Sign in", ("code", code));
        Assert.Equal("/", first.Location.AbsolutePath);
        using var second = await EnterPasswordAsync(server);
        await second.SubmitAsync("Sign in", ("code", code));
        await AssertWrongAsync(second);
        await second.SubmitAsync("Sign in", ("code", key.CodeAt(server.Clock.GetUtcNow() - Step)));
        await AssertWrongAsync(second);
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Forgives_a_clock_that_is_half_a_minute_off(int steps, bool forgives)
    {
        await using var server = await TestServer.StartAsync();
        var (key, _) = await SetUpAsync(server);
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        using var browser = await EnterPasswordAsync(server);
        await browser.SubmitAsync("Sign in", ("code", key.CodeAt(server.Clock.GetUtcNow() + (steps * Step))));
        Assert.Equal(forgives ? "/" : "/signin/code", browser.Location.AbsolutePath);
    }

    [Fact]
    public async Task C_18_counts_wrong_codes_and_forgets_none_for_a_right_password()
    {
        await using var server = await TestServer.StartAsync();
        var (key, recoveryCodes) = await SetUpAsync(server);
        server.Clock.Advance(Step);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            using var guesser = await EnterPasswordAsync(server);
            await guesser.SubmitAsync("Sign in", ("code", "guess"));
            await AssertWrongAsync(guesser);
        }

        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync();
        await browser.Response.AssertPageAsync(429);
        server.Clock.Advance(browser.Response.Headers.RetryAfter!.Delta!.Value);
        await browser.SignInAsync();
        await browser.SubmitAsync("Sign in", ("code", CodeNow(server, key)));
        Assert.Equal("/", browser.Location.AbsolutePath);
        Assert.NotEmpty(recoveryCodes);
    }

    [Fact]
    public async Task C_18_counts_wrong_codes_that_come_at_once()
    {
        await using var server = await TestServer.StartAsync();
        var (key, _) = await SetUpAsync(server);
        server.Clock.Advance(Step);
        using var browser = await EnterPasswordAsync(server);
        var guesses = await Task.WhenAll(
            Enumerable
                .Range(0, 2 * MaxAttempts)
                .Select(_ => server.PostFormAsync("/signin/code", browser.Form(("code", "guess")), browser.Cookies))
        );
        Assert.Equal(MaxAttempts, guesses.Count(guess => (int)guess.StatusCode == 400));
        Assert.All(guesses.Where(guess => (int)guess.StatusCode != 400), guess => Assert.Equal(429, (int)guess.StatusCode));
        await browser.SubmitAsync("Sign in", ("code", CodeNow(server, key)));
        await browser.Response.AssertPageAsync(429);
        foreach (var guess in guesses)
            guess.Dispose();
    }

    [Fact]
    public async Task Opens_nothing_between_the_steps_and_begins_anew_after_five_minutes()
    {
        await using var server = await TestServer.StartAsync();
        var (key, _) = await SetUpAsync(server);
        using var browser = await EnterPasswordAsync(server);
        await browser.OpenAsync("/connections");
        Assert.Equal("/signin", browser.Location.AbsolutePath);
        await browser.OpenAsync("/signin/code");
        server.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        await browser.SubmitAsync("Sign in", ("code", CodeNow(server, key)));
        Assert.Equal("/signin", browser.Location.AbsolutePath);

        using var nobody = server.Browser();
        await nobody.OpenAsync("/signin/code?then=connections");
        Assert.Equal("/signin?then=connections", nobody.Location.PathAndQuery);
    }

    [Fact]
    public async Task R_11_a_new_password_ends_a_sign_in_between_its_steps()
    {
        await using var server = await TestServer.StartAsync();
        var (key, _) = await SetUpAsync(server);
        server.Clock.Advance(Step);
        using var between = await EnterPasswordAsync(server);
        using var owner = await EnterPasswordAsync(server);
        await owner.SubmitAsync("Sign in", ("code", CodeNow(server, key)));
        await owner.OpenAsync("/account");
        await owner.SubmitAsync("Change password", ("current", TestServer.Password), ("password", "another long password"));
        server.Clock.Advance(Step);
        await between.SubmitAsync("Sign in", ("code", CodeNow(server, key)));
        Assert.Equal("/signin", between.Location.AbsolutePath);
    }

    [Fact]
    public async Task Asks_for_no_code_once_it_is_turned_off()
    {
        await using var server = await TestServer.StartAsync();
        var (_, recoveryCodes) = await SetUpAsync(server);
        using var browser = await EnterPasswordAsync(server, "/account");
        await browser.SubmitAsync("Sign in", ("code", recoveryCodes[0]));
        Assert.Contains("Unused recovery codes: 9", browser.Text, StringComparison.Ordinal);
        await browser.FollowAsync("Turn off");
        Assert.Contains("Your unused recovery codes (9)", browser.Text, StringComparison.Ordinal);
        using (var asked = await EnterPasswordAsync(server))
            Assert.Equal("/signin/code", asked.Location.AbsolutePath); // the question alone turns nothing off
        await browser.SubmitAsync("Turn off");
        Assert.Equal("/account?notice=authenticator-off", browser.Location.PathAndQuery);
        Assert.Contains("The authenticator app is turned off", browser.Text, StringComparison.Ordinal);
        await browser.OpenAsync("/account/authenticator/off");
        Assert.Equal("/account", browser.Location.PathAndQuery); // there is nothing to turn off
        using var other = await EnterPasswordAsync(server);
        Assert.Equal("/", other.Location.AbsolutePath);
    }

    [Fact]
    public async Task P_01_keeps_neither_key_nor_recovery_codes_as_they_are()
    {
        await using var server = await TestServer.StartAsync();
        var (key, recoveryCodes) = await SetUpAsync(server);
        var stored = await server.InDatabaseAsync(async db =>
            string.Concat(await db.Users.Select(user => user.AuthenticatorKey).ToListAsync(TestContext.Current.CancellationToken))
            + string.Concat((await db.RecoveryCodes.ToListAsync(TestContext.Current.CancellationToken)).Select(code => code.Hash.Value))
        );
        Assert.NotEmpty(stored);
        Assert.DoesNotContain(key.Text().Reveal(), stored, StringComparison.OrdinalIgnoreCase);
        Assert.All(recoveryCodes, code =>
            Assert.DoesNotContain(
                code.Replace("-", "", StringComparison.Ordinal),
                stored.Replace("-", "", StringComparison.Ordinal),
                StringComparison.OrdinalIgnoreCase
            )
        );
    }
}
