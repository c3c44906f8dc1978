using Microsoft.EntityFrameworkCore;
using OAuthMcp.Integration.Flows;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>
/// Sign-ins and renewals at a provider, good and bad, and then a search for every secret that took part: in the log and on the disk.
/// </summary>
public sealed class UpstreamSecretsTests
{
    [Fact]
    public async Task L_01_P_01_no_secret_of_the_provider_is_logged_or_on_the_disk()
    {
        Requires.Sqlite();
        await using var gitLab = await OidcStandIn.StartAsync();
        await using var upstream = await UpstreamServer.StartAsync(
            gitLab.Endpoints,
            "gitlab",
            ("Serilog:MinimumLevel:Default", "Verbose"),
            ("OAuth:AccessTokenLifetime", "1.00:00:00")
        );
        var secrets = await RunAsync(upstream, gitLab);
        var subject = await upstream.Server.InDatabaseAsync(db =>
            db.UpstreamTokens.Select(token => token.Subject).SingleAsync(TestContext.Current.CancellationToken)
        );

        foreach (var known in new[] { "FinishUpstreamSignInCommand", "upstream_error", "was not renewed", subject })
            Assert.Contains(upstream.Server.Log.All, line => line.Contains(known, StringComparison.Ordinal));
        SecretsTests.AssertNotLogged(upstream.Server, secrets);
        await upstream.Server.LookAtFilesAsync(() => SecretsTests.AssertNotOnDiskAsync(upstream.Server, secrets, subject));
    }

    [Fact]
    public async Task P_01_a_sealed_token_opens_in_no_other_row_and_no_other_column()
    {
        await using var upstream = await UpstreamServer.ExpiringAsync();
        var octocats = await upstream.SignInAsync(Person.Octocat);
        var hubots = await upstream.SignInAsync(Person.Hubot);
        foreach (
            var moved in new[]
            {
                "UPDATE \"UpstreamTokens\" SET \"SealedAccessToken\" = (SELECT \"SealedAccessToken\" FROM \"UpstreamTokens\" other WHERE other.\"Subject\" <> \"UpstreamTokens\".\"Subject\") WHERE \"Subject\" = {0}",
                "UPDATE \"UpstreamTokens\" SET \"SealedRefreshToken\" = (SELECT \"SealedRefreshToken\" FROM \"UpstreamTokens\" other WHERE other.\"Subject\" <> \"UpstreamTokens\".\"Subject\") WHERE \"Subject\" = {0}",
                "UPDATE \"UpstreamTokens\" SET \"SealedAccessToken\" = \"SealedRefreshToken\" WHERE \"Subject\" = {0}",
                "UPDATE \"UpstreamTokens\" SET \"SealedAccessToken\" = 'CfDJ8' WHERE \"Subject\" = {0}",
            }
        )
        {
            await upstream.SignInAsync(Person.Octocat); // who links anew is well again
            Assert.NotEqual(true, (await upstream.CallAsync(octocats)).IsError);
            var arrived = upstream.Arrived.Count;
            Assert.Equal(
                1,
                await upstream.Server.InDatabaseAsync(db =>
                    db.Database.ExecuteSqlRawAsync(
                        moved,
                        [(string)ForgedToken.Claims(octocats)["sub"]!],
                        TestContext.Current.CancellationToken
                    )
                )
            );
            var result = await upstream.CallAsync(octocats);
            Assert.True(result.IsError);
            Assert.EndsWith("/connections", result.TextOf(), StringComparison.Ordinal);
            Assert.Equal(arrived, upstream.Arrived.Count);
        }

        Assert.NotEqual(true, (await upstream.CallAsync(hubots)).IsError);
    }

    private static async Task<Dictionary<string, string>> RunAsync(UpstreamServer upstream, OidcStandIn gitLab)
    {
        var token = await upstream.SignInAsync();
        await upstream.CallAsync(token);
        upstream.Server.Clock.Advance(TimeSpan.FromHours(2));
        await upstream.CallAsync(token);
        upstream.Server.Clock.Advance(TimeSpan.FromHours(2));
        gitLab.Endpoints.Break(gitLab.TokenPath, http => UpstreamStandIn.AnswerJsonAsync(http, new { error = "invalid_grant" }, 400));
        Assert.True((await upstream.CallAsync(token)).IsError);
        using (var refused = await upstream.TryAsync())
            await refused.Response.AssertPageAsync(502);
        gitLab.Endpoints.Mend(gitLab.TokenPath);
        gitLab.IdToken = (header, claims) => ForgedToken.Assemble(header, claims, OidcStandIn.SignWithForeignKey);
        using (var refused = await upstream.TryAsync())
            await refused.Response.AssertPageAsync(502);
        var (browser, callback) = await upstream.LeaveAsync();
        using (var other = upstream.Browser())
        {
            await other.OpenAsync(callback);
            await other.Response.AssertPageAsync(403);
        }

        var secrets = new Dictionary<string, string> { ["client secret"] = UpstreamStandIn.ClientSecret };
        foreach (System.Net.Cookie cookie in browser.Cookies)
            secrets[$"cookie {cookie.Name}"] = cookie.Value;
        foreach (var (asked, number) in upstream.Provider.Authorizations.Select((asked, number) => (asked, number)))
            (secrets[$"state {number}"], secrets[$"nonce {number}"]) = (asked["state"], asked["nonce"]);
        foreach (
            var (form, number) in upstream
                .Provider.TokenRequests.Where(form => form.ContainsKey("code_verifier"))
                .Select((form, number) => (form, number))
        )
            secrets[$"verifier {number}"] = form["code_verifier"];
        foreach (var (issued, number) in upstream.Provider.Secrets.Select((issued, number) => (issued, number)))
            secrets[$"code or token {number}"] = issued;
        Assert.True(secrets.Count > 20, $"{secrets.Count} secrets");
        browser.Dispose();
        return secrets;
    }
}
