using Microsoft.EntityFrameworkCore;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>Who of a provider's users may enter, and that the others leave nothing behind.</summary>
public sealed class AdmissionTests
{
    [Theory]
    [InlineData("github", "AllowedUsers", "octocat", true)]
    [InlineData("github", "AllowedUsers", "583231", true)]
    [InlineData("github", "AllowedUsers", "hubot mallory", false)]
    [InlineData("github", "AllowedGroups", "Octo-Org", true)]
    [InlineData("github", "AllowedGroups", "octo-org/core", true)]
    [InlineData("github", "AllowedGroups", "octo-org/admins acme", false)]
    [InlineData("github", "AllowedEmailDomains", "github.example", true)]
    [InlineData("github", "AllowedEmailDomains", "acme.example", false)] // an address that GitHub has not verified
    [InlineData("gitlab", "AllowedUsers", "octocat", true)]
    [InlineData("gitlab", "AllowedGroups", "octo-org/core", true)]
    [InlineData("gitea", "AllowedGroups", "octo-org", true)]
    [InlineData("gitea", "AllowedGroups", "octo-org/core", true)]
    [InlineData("gitea", "AllowedGroups", "octo-org/admins acme", false)]
    [InlineData("oidc", "AllowedUsers", "583231", true)]
    [InlineData("oidc", "AllowedUsers", "octocat", false)] // OpenID Connect Core §5.7: preferred_username is not unique
    [InlineData("oidc", "AllowedEmailDomains", "github.example", true)]
    public async Task Lets_in_whom_a_rule_names_and_nobody_else(string kind, string rule, string value, bool isAdmitted)
    {
        var provider = kind == "github" ? await GitHubStandIn.StartAsync() : (await OidcStandIn.StartAsync(kind)).Endpoints;
        await using var upstream = await UpstreamServer.StartAsync(provider, kind, ($"Upstream:{rule}", value));
        using var browser = await upstream.TryAsync();
        if (isAdmitted)
        {
            Assert.StartsWith(TestClient.RedirectUri + "?code=", browser.Location.AbsoluteUri, StringComparison.Ordinal);
            return;
        }

        await browser.Response.AssertPageAsync(403);
        Assert.Contains("Your account there may not sign in here.", browser.Text, StringComparison.Ordinal);
        await UpstreamCallbackTests.AssertNobodyAsync(upstream, browser);
        Assert.Equal(new Stored.Rows(0, 0, 0), await upstream.Server.RowsAsync());
    }

    [Fact]
    public async Task Makes_no_more_accounts_than_the_operator_wants_and_lets_everybody_in_who_has_one()
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Limits:ProviderAccounts", "1"));
        await upstream.SignInAsync();
        using (var refused = await upstream.TryAsync(new Person(2, "hubot", [])))
        {
            await refused.Response.AssertPageAsync(403);
            Assert.Contains("This server takes no new accounts at the moment.", refused.Text, StringComparison.Ordinal);
        }

        await upstream.SignInAsync(Person.Octocat);
    }

    // The ID token and the user info are two documents of one provider. An address counts that one verifies and none doubts.
    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, null, true)]
    [InlineData(null, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(null, null, false)]
    public async Task Takes_no_address_that_one_document_verifies_and_the_other_does_not(bool? idToken, bool? userInfo, bool isAdmitted)
    {
        await using var oidc = await OidcStandIn.StartAsync("oidc");
        oidc.IdToken = (header, claims) =>
            ForgedToken.Assemble(header, ForgedToken.Changed(claims, ("email_verified", idToken)), oidc.Sign);
        oidc.UserInfo = [("email_verified", userInfo), ("email", "OctoCat@github.example")];
        await using var upstream = await UpstreamServer.StartAsync(
            oidc.Endpoints,
            "oidc",
            ("Upstream:AllowedEmailDomains", "github.example")
        );
        using var browser = await upstream.TryAsync();
        if (isAdmitted)
            Assert.StartsWith(TestClient.RedirectUri + "?code=", browser.Location.AbsoluteUri, StringComparison.Ordinal);
        else
            await browser.Response.AssertPageAsync(403);
    }

    [Fact]
    public async Task Reads_no_more_of_a_user_than_the_rules_need()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        await upstream.SignInAsync();
        Assert.Equal(
            [GitHubStandIn.AuthorizePath, GitHubStandIn.TokenPath, GitHubStandIn.UserPath],
            upstream.Provider.Socket.Requests.Select(request => request.Target.Split('?')[0])
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task C_26_joins_no_accounts_by_their_email_address(bool isVerified)
    {
        await using var gitHub = await GitHubStandIn.StartAsync();
        await using var gitLab = await OidcStandIn.StartAsync();
        await using var server = await TestServer.StartAsync([
            .. UpstreamServer.Keys(gitHub, "github"),
            .. UpstreamServer.Keys(gitLab.Endpoints, "gitlab", "Upstream:Providers:0"),
            ("Accounts:Local", "false"),
        ]);
        gitHub.Person = Person.Octocat with { Emails = [("one@acme.example", true)] };
        gitLab.Endpoints.Person = Person.Octocat with { Emails = [("one@acme.example", isVerified)] }; // of the same id, too

        foreach (var button in new[] { "Sign in with GitHub", "Sign in with GitLab" })
        {
            using var browser = BrowserSteps.At(server.Address, gitHub.Socket.Address, gitLab.Endpoints.Socket.Address);
            await browser.OpenAsync("/signin");
            await browser.SubmitAsync(button);
            Assert.Equal("/", browser.Location.AbsolutePath);
        }

        Assert.Equal(
            ["octocat@github", "octocat@gitlab"],
            await server.InDatabaseAsync(db =>
                db.Users.OrderBy(user => user.UserName).Select(user => user.UserName).ToListAsync(TestContext.Current.CancellationToken)
            )
        );
    }

    [Fact]
    public async Task Tells_apart_who_has_taken_over_a_name_there()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        var one = ForgedToken.Claims(await upstream.SignInAsync(Person.Octocat));
        var other = ForgedToken.Claims(await upstream.SignInAsync(Person.Octocat with { Id = 7 }));
        var renamed = ForgedToken.Claims(await upstream.SignInAsync(Person.Octocat with { Login = "octodog" }));
        Assert.NotEqual((string?)one["sub"], (string?)other["sub"]);
        Assert.Equal((string?)one["sub"], (string?)renamed["sub"]);
        Assert.Equal(
            ["octocat@github", "octocat@github#7"],
            await upstream.Server.InDatabaseAsync(db =>
                db.Users.OrderBy(user => user.UserName).Select(user => user.UserName).ToListAsync(TestContext.Current.CancellationToken)
            )
        );
    }
}
