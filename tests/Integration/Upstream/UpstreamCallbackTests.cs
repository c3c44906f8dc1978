using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
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
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, callback);
            request.Headers.Add("Cookie", cookies);
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            return (int)response.StatusCode;
        }));
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
        upstream.Provider.Break(GitHubStandIn.TokenPath, http => UpstreamStandIn.AnswerJsonAsync(http, GitHubStandIn.Error(error, "It did not work.")));
        using var browser = await upstream.TryAsync();
        await browser.Response.AssertPageAsync(502);
        Assert.DoesNotContain("It did not work.", browser.Text, StringComparison.Ordinal);
        await AssertNobodyAsync(upstream, browser);
        Assert.Contains(upstream.Server.Log.All, line => line.Contains(error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task C_24_takes_any_other_error_of_the_provider_for_trouble_there()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        upstream.Provider.Denies = true;
        upstream.Provider.AnswersWith["error_uri"] = "https://docs.github.example/";
        var (browser, callback) = await upstream.LeaveAsync();
        await browser.OpenAsync(callback.Replace("error=access_denied", "error=application_suspended", StringComparison.Ordinal));
        await browser.Response.AssertPageAsync(502);
        Assert.Empty(upstream.Provider.TokenRequests);
        browser.Dispose();
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("", true)] // RFC 9207 §2.4: who says that it names itself has to
    public async Task Refuses_the_answer_of_another_issuer_before_its_code_is_sent_anywhere(string issuer, bool promises)
    {
        var gitLab = await OidcStandIn.StartAsync();
        if (promises) gitLab.Metadata = [("authorization_response_iss_parameter_supported", true)];
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
        await using var server = await TestServer.StartAsync([.. UpstreamServer.Keys(evil.Endpoints, "gitlab"), .. UpstreamServer.Keys(gitHub, "github", "Upstream:Providers:0"), ("Accounts:Local", "false")]);
        using var browser = server.Browser(); // stops at the provider
        await browser.OpenAsync("/signin");
        await browser.SubmitAsync("Sign in with GitLab");

        // The provider that was asked sends the user on to the other one, which knows its own redirect URI alone, with the state that it was given.
        var state = QueryHelpers.ParseQuery(browser.Location.Query)["state"].ToString();
        await browser.OpenAsync($"/signin/callback/github?code=a-code-of-GitHub&state={state}");
        await browser.Response.AssertPageAsync(502);
        Assert.Empty(evil.Endpoints.TokenRequests);
        Assert.Empty(gitHub.TokenRequests);
    }

    internal static async Task AssertNobodyAsync(UpstreamServer upstream, TestBrowser browser)
    {
        Assert.DoesNotContain(browser.Cookies, cookie => cookie.Name == "oauthmcp-session");
        Assert.Equal((0, 0, 0), await upstream.Server.InDatabaseAsync(async db => (
            await db.Users.CountAsync(TestContext.Current.CancellationToken), await db.UserLogins.CountAsync(TestContext.Current.CancellationToken), await db.UpstreamTokens.CountAsync(TestContext.Current.CancellationToken))));
    }
}
