using Microsoft.EntityFrameworkCore;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>
/// Whose an upstream token is, whatever happens to it on the way: renewed, unlinked, refused, or left behind by a configuration.
/// </summary>
public sealed class TokenOwnershipTests
{
    [Theory]
    [InlineData("583231", true, true)]
    [InlineData("480938", true, false)]
    [InlineData("583231", false, false)]
    public async Task Uses_no_renewed_token_of_another_subject_or_issuer(string subject, bool isSameIssuer, bool isUsed)
    {
        var gitLab = await OidcStandIn.StartAsync();
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab", ("OAuth:AccessTokenLifetime", "1.00:00:00"));
        var token = await upstream.SignInAsync();
        upstream.Server.Clock.Advance(TimeSpan.FromHours(2));
        gitLab.RenewsAs = (subject, isSameIssuer ? gitLab.Issuer : "https://other.example"); // OpenID Connect Core §12.2
        Assert.NotEqual(isUsed, await upstream.CallAsync(token) is { IsError: true });
        Assert.Equal((1, isUsed ? 1 : 0), (upstream.Provider.Renewals, upstream.Api.Requests.Count));
    }

    [Fact]
    public async Task Unlinking_while_the_token_is_renewed_ends_the_renewed_one_too()
    {
        var gitLab = await OidcStandIn.StartAsync();
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab", ("OAuth:AccessTokenLifetime", "1.00:00:00"));
        var token = await upstream.SignInAsync();
        upstream.Server.Clock.Advance(TimeSpan.FromHours(2));
        var (asked, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        gitLab.Endpoints.Before = path =>
        {
            if (path != gitLab.TokenPath)
                return Task.CompletedTask;
            asked.TrySetResult();
            return released.Task;
        };
        var call = upstream.CallAsync(token);
        await asked.Task;
        await UnlinkTests.UnlinkAsync(upstream, token, "gitlab");
        released.SetResult();

        Assert.EndsWith("/connections", (await call).TextOf(), StringComparison.Ordinal);
        Assert.Empty(upstream.Arrived);
        Assert.Equal(0, await upstream.Server.InDatabaseAsync(db => db.UpstreamTokens.CountAsync(TestContext.Current.CancellationToken)));
        var revoked = upstream.Provider.TokenRequests.Where(form => form.ContainsKey("token")).Select(form => form["token"]);
        Assert.Equal(upstream.Provider.Secrets.TakeLast(1), revoked.TakeLast(1)); // the refresh token that came last
    }

    [Theory]
    [InlineData(true)] // revoked at GitHub, which the API finds out
    [InlineData(false)] // granted less than the tools need
    public async Task X_03_the_page_that_is_named_lets_the_user_link_again_what_tools_cannot_use(bool isRevoked)
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Upstream:Scopes", "read:user repo"));
        if (!isRevoked)
            upstream.Provider.GrantedScope = "read:user";
        var token = await upstream.SignInAsync();
        if (isRevoked)
            upstream.Provider.Revoke(Assert.Single(upstream.Provider.AccessTokens));
        var refused = await upstream.CallAsync(token);
        Assert.True(refused.IsError);

        upstream.Provider.GrantedScope = null;
        using var browser = upstream.Browser();
        await browser.OpenAsync(refused.TextOf().Split(' ')[^1]);
        await browser.SubmitAsync("Sign in with GitHub");
        Assert.Equal("/connections", browser.Location.AbsolutePath);
        await browser.SubmitAsync("Link again");
        await browser.SubmitAsync("Sign in with GitHub"); // which does not say since when: to sign in anew is to link anew
        Assert.Equal("/connections", browser.Location.AbsolutePath);
        Assert.NotEqual(true, (await upstream.CallAsync(token)).IsError);
    }

    [Fact]
    public async Task The_next_user_of_a_browser_gets_nothing_of_the_one_before()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        using var client = await TestClient.RegisterAsync(upstream.Server);
        using var browser = upstream.Browser();
        var subjects = new List<string>();
        foreach (var person in new[] { Person.Octocat, Person.Hubot })
        {
            upstream.Provider.Person = person;
            var answer = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(
                (await browser.AllowAsync(client.AuthorizationUrl())).Query
            );
            var token = (string)(await (await client.ExchangeAsync(answer["code"].ToString())).JsonAsync())["access_token"]!;
            Assert.NotEqual(true, (await upstream.CallAsync(token)).IsError);
            Assert.Equal(person, upstream.Provider.OwnerOf(upstream.Arrived[^1]));
            subjects.Add((string)ForgedToken.Claims(token)["sub"]!);
            await browser.OpenAsync("/");
            Assert.Contains($"Signed in as {person.Login}@github", browser.Text, StringComparison.Ordinal);
            await browser.SubmitAsync("Sign out");
        }

        Assert.Equal(2, subjects.Distinct().Count());
    }

    [Fact]
    public async Task A_provider_that_is_configured_no_more_lends_its_tokens_to_nobody()
    {
        await using var gitHub = await GitHubStandIn.StartAsync();
        await using var gitLab = await OidcStandIn.StartAsync();
        await using var api = await StandIn.StartAsync(StandIn.AnythingAsync);
        var (data, port) = (TestServer.NewDataDirectory(), TestServer.FreePort());
        (string, string)[] common =
        [
            ("Accounts:Local", "true"),
            ("Downstream:Token", "Upstream"),
            ("Downstream:BaseAddress", api.Address.AbsoluteUri),
        ];
        string token;
        var server = await TestServer.StartAsync(data, port, [.. common, .. UpstreamServer.Keys(gitHub, "github")]);
        using (var client = await TestClient.RegisterAsync(server))
        using (var browser = BrowserSteps.At(server.Address, gitHub.Socket.Address))
        {
            (token, _) = await client.SignInAsync("alice");
            await browser.OpenAsync("/signin");
            await browser.SignInAsync("alice");
            await browser.OpenAsync("/connections");
            await browser.SubmitAsync("Link");
        }

        await server.StopAsync();
        await using var later = await TestServer.StartAsync(data, port, [.. common, .. UpstreamServer.Keys(gitLab.Endpoints, "gitlab")]);
        await using var caller = await Callers.ConnectAsync(later, token);
        var result = await caller.MakeRequestAsync("hello");
        Assert.True(result.IsError);
        Assert.StartsWith("There is no GitLab account linked to yours", result.TextOf(), StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }
}
