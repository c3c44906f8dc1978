using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>The forms in which providers say what they mean: those that are good, and those that are none.</summary>
public sealed class ProviderFormTests
{
    private const string Token = "\"access_token\":\"gho_1\"";

    [Theory]
    [InlineData("{\"token_type\":\"bearer\"}")]
    [InlineData("{" + Token + "}")]
    [InlineData("{" + Token + ",\"token_type\":\"mac\"}")]
    [InlineData("{" + Token + ",\"token_type\":[\"bearer\"]}")]
    [InlineData("{\"access_token\":\"\",\"token_type\":\"bearer\"}")]
    [InlineData("{\"access_token\":1,\"token_type\":\"bearer\"}")]
    [InlineData("{\"access_token\":\"a\\r\\nX-Evil: 1\",\"token_type\":\"bearer\"}")]
    [InlineData("{\"access_token\":\"t\\u00f6ken\",\"token_type\":\"bearer\"}")]
    [InlineData("{\"access_token\":\"\\ud800\",\"token_type\":\"bearer\"}")]
    [InlineData("{" + Token + ",\"access_token\":\"gho_2\",\"token_type\":\"bearer\"}")] // of two, each reader takes another
    [InlineData("{" + Token + ",\"token_type\":\"bearer\",\"error\":\"bad_verification_code\"}")]
    [InlineData("{" + Token + ",\"token_type\":\"bearer\",\"\\ud800\":1}")]
    [InlineData("access_token=gho_1&token_type=bearer")]
    public async Task C_24_takes_nothing_else_for_a_token(string answer)
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        upstream.Provider.Break(GitHubStandIn.TokenPath, http => WriteAsync(http, answer));
        await AssertRefusedAsync(upstream);
        Assert.Equal(0, upstream.Provider.Asked(GitHubStandIn.UserPath));
    }

    [Theory]
    [InlineData("\"id\":\"583231\",\"login\":\"octocat\"")]
    [InlineData("\"id\":583231.5,\"login\":\"octocat\"")]
    [InlineData("\"id\":1e40,\"login\":\"octocat\"")]
    [InlineData("\"id\":null,\"login\":\"octocat\"")]
    [InlineData("\"id\":583231")]
    [InlineData("\"id\":583231,\"login\":5")]
    [InlineData("\"id\":1,\"id\":583231,\"login\":\"octocat\"")]
    public async Task F_41_takes_nothing_else_for_a_user(string members)
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        upstream.Provider.Break(GitHubStandIn.UserPath, http => WriteAsync(http, $"{{{members}}}"));
        await AssertRefusedAsync(upstream);
    }

    [Theory]
    [InlineData("[1,null,\"acme\",[],{\"login\":5},{\"login\":\"\\ud800\"}]")]
    [InlineData("[]")]
    public async Task A_list_of_other_things_than_organisations_admits_nobody(string answer)
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Upstream:AllowedGroups", "acme"));
        upstream.Provider.Break(GitHubStandIn.UserPath + "/orgs", http => WriteAsync(http, answer));
        using var browser = await upstream.TryAsync();
        await browser.Response.AssertPageAsync(403);
        await UpstreamCallbackTests.AssertNobodyAsync(upstream, browser);
    }

    [Fact]
    public async Task Reads_the_organisations_of_somebody_who_is_in_many_to_the_last_page()
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Upstream:AllowedGroups", "acme"));
        upstream.Provider.Break(GitHubStandIn.UserPath + "/orgs", http =>
            UpstreamStandIn.AnswerJsonAsync(
                http,
                http.Request.Query["page"] == "3"
                    ? [new { login = "acme" }]
                    : Enumerable.Range(0, 100).Select(number => new { login = $"org-{number}" }).ToArray()
            )
        );
        await upstream.SignInAsync();
        Assert.Equal(3, upstream.Provider.Asked(GitHubStandIn.UserPath + "/orgs"));
    }

    [Theory]
    [InlineData("28800", 8)]
    [InlineData("\"28800\"", 8)]
    [InlineData("28800.9", 8)]
    [InlineData("\"28800.9\"", 8)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("1e300", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("\"soon\"", null)]
    [InlineData("true", null)]
    [InlineData("null", null)]
    public async Task Reads_a_lifetime_in_each_of_its_forms_and_takes_nonsense_for_none(string lifetime, int? hours)
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        Answer(upstream, $"\"token_type\":\"BEARER\",\"expires_in\":{lifetime}");
        await upstream.SignInAsync();
        var expiresAt = await upstream.Server.InDatabaseAsync(db =>
            db.UpstreamTokens.Select(row => row.ExpiresAt).SingleAsync(TestContext.Current.CancellationToken)
        );
        Assert.Equal(hours, expiresAt is { } at ? (int)Math.Round((at - upstream.Server.Clock.GetUtcNow()).TotalHours) : null);
    }

    [Theory]
    [InlineData(",\"scope\":\"\"", "")]
    [InlineData(",\"scope\":\"read:user,gist\"", "read:user gist")]
    [InlineData(",\"scope\":\"read:user, gist\"", "read:user gist")]
    [InlineData(",\"scope\":\",\"", "")]
    [InlineData(",\"scope\":null", "read:user")] // RFC 6749 §5.1: what is not said is what was asked for
    [InlineData("", "read:user")]
    public async Task C_27_stores_the_scope_as_granted(string member, string scope)
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        Answer(upstream, "\"token_type\":\"bearer\"" + member);
        await upstream.SignInAsync();
        Assert.Equal(
            scope.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            await upstream.Server.InDatabaseAsync(db =>
                db.UpstreamTokens.Select(row => row.Scope).SingleAsync(TestContext.Current.CancellationToken)
            )
        );
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", false)]
    [InlineData("application/json", true)] // RFC 8259 §8.1: a byte order mark may be passed over
    [InlineData("text/html", false)]
    [InlineData("nonsense", false)]
    public async Task Reads_an_answer_by_what_it_is_and_not_by_what_it_is_called(string contentType, bool hasMark)
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        upstream.Provider.Break(GitHubStandIn.TokenPath, async http =>
        {
            http.Response.ContentType = contentType;
            if (hasMark)
                await http.Response.Body.WriteAsync(Encoding.UTF8.GetPreamble());
            var issued = upstream.Provider.Redeem(await UpstreamStandIn.FormAsync(http))!;
            await http.Response.WriteAsync($"{{\"access_token\":\"{issued.AccessToken}\",\"token_type\":\"bearer\"}}");
        });
        await upstream.SignInAsync();
    }

    [Theory]
    [InlineData("oidc", "/", "")]
    [InlineData("oidc", "/realms/one", "")]
    [InlineData("oidc", "/realms/one/", "")]
    [InlineData("gitlab", "/gitlab", "")]
    [InlineData("gitea", "/git", "/")]
    public async Task Signs_in_at_an_issuer_with_a_path_or_a_slash_at_its_end(string kind, string path, string spelt)
    {
        var oidc = await OidcStandIn.StartAsync(kind, path);
        await using var upstream = await UpstreamServer.StartAsync(oidc.Endpoints, kind, ("Upstream:BaseUrl", oidc.Issuer));
        oidc.Issuer += spelt;
        await upstream.SignInAsync();
    }

    [Fact]
    public async Task Does_not_take_one_issuer_for_another_that_differs_in_the_last_slash()
    {
        var oidc = await OidcStandIn.StartAsync("oidc", "/realms/one");
        await using var upstream = await UpstreamServer.StartAsync(oidc.Endpoints, "oidc", ("Upstream:BaseUrl", oidc.Issuer));
        oidc.Issuer += "/";
        await AssertRefusedAsync(upstream);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Passes_over_keys_that_it_cannot_use(bool namesItsKey)
    {
        await using var gitLab = await OidcStandIn.StartAsync();
        gitLab.OtherKeys = (JsonArray)
            JsonNode.Parse(
                """
                [
                    { "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": "ed", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
                    { "kty": "AKP", "alg": "ML-DSA-65", "kid": "pq", "pub": "AAAA" },
                    { "kty": "oct", "kid": "mac", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA" },
                    { "kty": "RSA", "use": "enc", "kid": "enc", "n": "AQAB", "e": "AQAB" },
                    { "kty": "RSA", "use": "sig", "kid": "broken", "n": "%%%", "e": "AQAB" },
                    { "kty": "EC", "crv": "P-256", "kid": "half", "x": "AAAA" },
                    { "kty": "EC", "crv": "secp256k1", "kid": "curve", "x": "AAAA", "y": "AAAA" },
                    { "kty": 5, "kid": [] }, {}, null, 1, "key", []
                ]
                """
            )!;
        if (!namesItsKey)
            gitLab.IdToken = (header, claims) => ForgedToken.Assemble(ForgedToken.Changed(header, ("kid", null)), claims, gitLab.Sign);
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab");
        await upstream.SignInAsync();
    }

    private static async Task AssertRefusedAsync(UpstreamServer upstream)
    {
        using var browser = await upstream.TryAsync();
        await browser.Response.AssertPageAsync(502);
        await UpstreamCallbackTests.AssertNobodyAsync(upstream, browser);
    }

    /// <summary>A good token, with these members beside it.</summary>
    private static void Answer(UpstreamServer upstream, string members)
    {
        upstream.Provider.Break(GitHubStandIn.TokenPath, async http =>
        {
            var issued = upstream.Provider.Redeem(await UpstreamStandIn.FormAsync(http))!;
            await WriteAsync(http, $"{{\"access_token\":\"{issued.AccessToken}\",\"refresh_token\":\"r\",{members}}}");
        });
    }

    private static Task WriteAsync(HttpContext http, string json)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json);
    }
}
