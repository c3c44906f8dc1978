using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Wrong passwords lock out whoever sends them, and not whoever has the account.</summary>
public sealed class LockoutTests
{
    private const int MaxAttempts = 10;

    [Fact]
    public async Task L6_a_strangers_wrong_passwords_leave_the_owners_browser_alone()
    {
        await using var server = await TestServer.StartAsync();
        using var owner = await SignInAsync(server);
        await owner.SubmitAsync("Sign out");
        using var stranger = server.Browser();
        await GuessAsync(stranger, MaxAttempts + 1);
        await stranger.Response.AssertPageAsync(429);

        await owner.OpenAsync("/signin");
        await owner.SignInAsync();
        Assert.Equal("/", owner.Location.AbsolutePath);
        await stranger.SignInAsync();
        await stranger.Response.AssertPageAsync(429);
    }

    [Fact]
    public async Task L6_a_browser_is_known_for_who_signed_in_there_alone_and_counts_by_itself()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = await SignInAsync(server);
        await browser.SubmitAsync("Sign out");
        await GuessAsync(browser, MaxAttempts + 1);
        await browser.Response.AssertPageAsync(429);
        using var other = await SignInAsync(server); // from the same address
        Assert.Equal("/", other.Location.AbsolutePath);

        using var stranger = server.Browser();
        await GuessAsync(stranger, MaxAttempts, "bob");
        await GuessAsync(browser, 1, "bob"); // in which alice is known, and nobody else
        await browser.Response.AssertPageAsync(429);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("nobody")]
    public async Task L6_counts_by_address_and_all_strangers_together(string userName)
    {
        await using var server = await TestServer.StartAsync(TestServer.BehindProxy);
        for (var peer = 1; peer <= 10; peer++)
        {
            for (var attempt = 0; attempt < MaxAttempts; attempt++)
                Assert.Equal(400, await GuessFromAsync(server, $"198.51.100.{peer}", userName));
            Assert.Equal(429, await GuessFromAsync(server, $"198.51.100.{peer}", userName));
        }

        Assert.Equal(429, await GuessFromAsync(server, "203.0.113.1", userName)); // a hundred are enough from wherever
    }

    [Fact]
    public async Task L6_the_next_lockout_is_twice_as_long()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        foreach (var minutes in new[] { 5, 10, 20 })
        {
            await GuessAsync(browser, MaxAttempts + 1);
            await browser.Response.AssertPageAsync(429);
            var wait = browser.Response.Headers.RetryAfter!.Delta!.Value;
            Assert.InRange(wait, TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(minutes));
            server.Clock.Advance(wait);
        }
    }

    [Fact]
    public async Task L6_tells_the_owner_how_often_somebody_guessed()
    {
        await using var server = await TestServer.StartAsync();
        (await SignInAsync(server)).Dispose();
        using var stranger = server.Browser();
        await GuessAsync(stranger, 3);
        using var owner = await SignInAsync(server);
        await owner.OpenAsync("/account");
        Assert.Contains("since you last signed in: 3.", owner.Text, StringComparison.Ordinal);
        using var again = await SignInAsync(server);
        await again.OpenAsync("/account");
        Assert.DoesNotContain("since you last signed in", again.Text, StringComparison.Ordinal);
    }

    private static async Task<TestBrowser> SignInAsync(TestServer server)
    {
        var browser = server.Browser();
        await browser.OpenAsync("/signin");
        return await browser.SignInAsync();
    }

    private static async Task GuessAsync(TestBrowser browser, int times, string userName = "alice")
    {
        await browser.OpenAsync("/signin");
        for (var attempt = 0; attempt < times; attempt++)
            await browser.SignInAsync(userName, "a wrong one");
    }

    private static async Task<int> GuessFromAsync(TestServer server, string peer, string userName)
    {
        using var http = server.Http();
        http.DefaultRequestHeaders.Add("X-Forwarded-For", peer);
        using var page = await http.GetAsync("/signin", TestContext.Current.CancellationToken);
        var token = (await page.AssertPageAsync(200)).QuerySelector($"[name={BrowserForms.AntiforgeryField}]")!.GetAttribute("value")!;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signin")
        {
            Content = new FormUrlEncodedContent([
                new(BrowserForms.AntiforgeryField, token),
                new("username", userName),
                new("password", "a wrong one"),
            ]),
        };
        request.Headers.Add("Cookie", page.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}
