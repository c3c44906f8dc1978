using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Api.Pages;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>What comes back from a provider, or pretends to: whose it has to be, and how often it counts.</summary>
public sealed class UpstreamCallbackTests
{
    [Theory]
    [InlineData("")]
    [InlineData("?code=x")]
    [InlineData("?state=&code=x")]
    [InlineData("?state=unknown&code=x")]
    [InlineData("?state=unknown&error=access_denied")]
    [InlineData("?state=a&state=b&code=x")]
    public async Task C_05_refuses_a_callback_without_a_known_state(string query)
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        var (browser, _) = await upstream.LeaveAsync();
        await browser.OpenAsync("/signin/callback" + query);
        await browser.Response.AssertPageAsync();
        Assert.Empty(upstream.Provider.TokenRequests);
        browser.Dispose();
    }

    [Fact]
    public async Task L3_takes_no_code_over_http_where_the_public_URL_is_https()
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("OAuth:PublicUrl", "https://mcp.example"));
        var answer = await upstream.Server.GetRawAsync("/signin/callback?code=c&state=s", ("Host", "mcp.example"));
        Assert.Equal(400, answer.Status);
        Assert.Contains("Server:TrustedProxies", answer.Body, StringComparison.Ordinal);
        Assert.Empty(upstream.Provider.Socket.Requests);
    }

    [Fact]
    public async Task C_05_refuses_a_state_after_ten_minutes()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        var (browser, callback) = await upstream.LeaveAsync();
        upstream.Server.Clock.Advance(TimeSpan.FromMinutes(10));
        await browser.OpenAsync(callback);
        await browser.Response.AssertPageAsync();
        Assert.Empty(upstream.Provider.TokenRequests);
        browser.Dispose();
    }

    [Fact]
    public async Task C_05_takes_a_state_once()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        var (browser, callback) = await upstream.LeaveAsync();
        await browser.OpenAsync(callback);
        Assert.StartsWith(TestClient.RedirectUri + "?code=", browser.Location.AbsoluteUri, StringComparison.Ordinal);
        await browser.OpenAsync(callback);
        await browser.Response.AssertPageAsync();
        Assert.Single(upstream.Provider.TokenRequests);
        browser.Dispose();
    }

    [Fact]
    public async Task C_05_one_of_eight_callbacks_at_once_wins()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        var (browser, callback) = await upstream.LeaveAsync();
        using var http = upstream.Server.Http();
        var cookies = string.Join("; ", browser.Cookies.Select(cookie => $"{cookie.Name}={cookie.Value}"));
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async _ =>
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, callback);
                    request.Headers.Add("Cookie", cookies);
                    using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
                    return (int)response.StatusCode;
                })
        );
        Assert.Equal([303, 400, 400, 400, 400, 400, 400, 400], answers.Order());
        Assert.Single(upstream.Provider.TokenRequests);
        browser.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task C_06_refuses_the_answer_in_another_browser_and_takes_it_in_the_right_one(bool otherWasSentToo)
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        var (browser, callback) = await upstream.LeaveAsync();
        using var other = otherWasSentToo ? (await upstream.LeaveAsync()).Browser : upstream.Browser();
        await other.OpenAsync(callback);
        await other.Response.AssertPageAsync(403);
        Assert.Empty(upstream.Provider.TokenRequests);
        Assert.Equal(0, await upstream.Server.InDatabaseAsync(db => db.Users.CountAsync(TestContext.Current.CancellationToken)));

        await browser.OpenAsync(callback);
        Assert.StartsWith(TestClient.RedirectUri + "?code=", browser.Location.AbsoluteUri, StringComparison.Ordinal);
        browser.Dispose();
    }

    [Theory]
    [InlineData("bad_verification_code")]
    [InlineData("incorrect_client_credentials")]
    [InlineData("redirect_uri_mismatch")]
    [InlineData("unverified_user_email")]
    public async Task C_24_takes_an_error_with_status_200_for_what_it_is(string error)
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        upstream.Provider.Break(GitHubStandIn.TokenPath, http =>
            UpstreamStandIn.AnswerJsonAsync(http, GitHubStandIn.Error(error, "It did not work."))
        );
        using var browser = await upstream.TryAsync();
        await browser.Response.AssertPageAsync(502);
        Assert.DoesNotContain("It did not work.", browser.Text, StringComparison.Ordinal);
        await AssertNobodyAsync(upstream, browser);
        await upstream.Server.Log.NextAsync(line => line.Contains(error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("application_suspended", "application_suspended")]
    [InlineData("<script>alert(1)</script>", "an error")]
    [InlineData("x\nINF forged", "an error")]
    public async Task C_24_takes_any_other_error_of_the_provider_for_trouble_there_and_shows_none(string error, string logged)
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        var (browser, callback) = await upstream.LeaveAsync();
        var state = QueryHelpers.ParseQuery(new Uri(callback).Query)["state"].ToString();
        await browser.OpenAsync(
            $"/signin/callback?state={state}&error={Uri.EscapeDataString(error)}&error_description={Uri.EscapeDataString("<img src=x onerror=alert(1)>")}&error_uri=https%3A%2F%2Fevil.example"
        );
        await browser.Response.AssertPageAsync(502);
        foreach (var shown in new[] { error, "onerror", "evil.example" })
            Assert.DoesNotContain(shown, browser.Page!.Source.Text, StringComparison.Ordinal);
        await upstream.Server.Log.NextAsync(line => line.Contains($"sent the user back with {logged}", StringComparison.Ordinal));
        Assert.Empty(upstream.Provider.TokenRequests);
        browser.Dispose();
    }

    [Fact]
    public async Task C_05_eight_first_sign_ins_of_one_person_at_once_are_one_account()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        var tokens = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => upstream.SignInAsync()));
        Assert.Single(tokens.Select(token => (string?)ForgedToken.Claims(token)["sub"]).Distinct());
        Assert.Equal(1, await upstream.Server.InDatabaseAsync(db => db.Users.CountAsync(TestContext.Current.CancellationToken)));
        Assert.All(await Task.WhenAll(tokens.Select(token => upstream.CallAsync(token))), result => Assert.NotEqual(true, result.IsError));
    }

    [Fact]
    public async Task C_17_guards_the_cookie_for_the_way_to_the_provider_behind_https()
    {
        await using var upstream = await UpstreamServer.GitHubAsync([("Accounts:Local", "true"), .. TestServer.BehindProxy]);
        using var http = upstream.Server.Http();
        using var page = await http.GetAsync("/signin", TestContext.Current.CancellationToken);
        var form = (await page.AssertPageAsync(200)).Forms.Single(form => form.GetAttribute("action") == "/signin/upstream");
        var fields = form.QuerySelectorAll("input[type=hidden]")
            .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!);
        using var post = new HttpRequestMessage(HttpMethod.Post, "/signin/upstream")
        {
            Content = new FormUrlEncodedContent(fields.Append(new("provider", "github"))),
        };
        post.Headers.Add("Cookie", string.Join("; ", page.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0])));
        using var sent = await http.SendAsync(post, TestContext.Current.CancellationToken);
        Assert.StartsWith(
            upstream.Provider.BaseUrl + GitHubStandIn.AuthorizePath,
            sent.Headers.Location?.AbsoluteUri,
            StringComparison.Ordinal
        );
        var cookie = Assert.Single(sent.Headers.GetValues("Set-Cookie"), cookie => cookie.Contains("upstream", StringComparison.Ordinal));
        Assert.StartsWith("__Host-oauthmcp-upstream=", cookie, StringComparison.Ordinal);
        Assert.Equal(
            ["httponly", "max-age=600", "path=/", "samesite=lax", "secure"],
            cookie.Split(';').Skip(1).Select(attribute => attribute.Trim().ToLowerInvariant()).Order()
        );
        Assert.Contains(
            Uri.EscapeDataString("https://mcp.example/signin/callback"),
            sent.Headers.Location!.Query,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("", true)] // RFC 9207 §2.4: who says that it names itself has to
    public async Task Refuses_the_answer_of_another_issuer_before_its_code_is_sent_anywhere(string issuer, bool promises)
    {
        var gitLab = await OidcStandIn.StartAsync();
        if (promises)
            gitLab.Metadata = [("authorization_response_iss_parameter_supported", true)];
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab");
        gitLab.Endpoints.AnswersWith["iss"] = issuer;
        using var browser = await upstream.TryAsync();
        await browser.Response.AssertPageAsync(502);
        Assert.Empty(upstream.Provider.TokenRequests);
        await AssertNobodyAsync(upstream, browser);

        gitLab.Endpoints.AnswersWith["iss"] = gitLab.Issuer;
        await upstream.SignInAsync();
    }

    [Fact]
    public async Task Refuses_the_answer_of_one_provider_to_a_question_to_another()
    {
        await using var gitHub = await GitHubStandIn.StartAsync();
        await using var evil = await OidcStandIn.StartAsync();
        await using var server = await TestServer.StartAsync([
            .. UpstreamServer.Keys(evil.Endpoints, "gitlab"),
            .. UpstreamServer.Keys(gitHub, "github", "Upstream:Providers:0"),
            ("Accounts:Local", "false"),
        ]);
        using var browser = server.Browser(); // stops at the provider
        await browser.OpenAsync("/signin");
        await browser.SubmitAsync("Sign in with GitLab");

        // The provider that was asked sends the user on to the other one, which knows its own redirect URI alone, with the state that
        // it was given.
        var state = QueryHelpers.ParseQuery(browser.Location.Query)["state"].ToString();
        await browser.OpenAsync($"/signin/callback/github?code=a-code-of-GitHub&state={state}");
        await browser.Response.AssertPageAsync(502);
        Assert.Empty(evil.Endpoints.TokenRequests);
        Assert.Empty(gitHub.TokenRequests);
    }

    internal static async Task AssertNobodyAsync(UpstreamServer upstream, TestBrowser browser)
    {
        Assert.DoesNotContain(browser.Cookies, cookie => cookie.Name == upstream.Server.CookieName("session"));
        Assert.Equal(
            (0, 0, 0),
            await upstream.Server.InDatabaseAsync(async db =>
                (
                    await db.Users.CountAsync(TestContext.Current.CancellationToken),
                    await db.UserLogins.CountAsync(TestContext.Current.CancellationToken),
                    await db.UpstreamTokens.CountAsync(TestContext.Current.CancellationToken)
                )
            )
        );
    }
}
