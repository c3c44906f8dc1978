using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>A provider that is down, slow or talks nonsense: whoever signs in there reads so in time, and nobody else notices.</summary>
public sealed class ProviderFaultTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(8);

    internal static readonly Dictionary<string, RequestDelegate> Faults = new()
    {
        ["garbage"] = http => http.Response.WriteAsync("{\"access_token\":"),
        ["nothing"] = _ => Task.CompletedTask,
        ["a list"] = http => http.Response.WriteAsync("[\"access_token\"]"),
        ["a number"] = http => http.Response.WriteAsync("1"),
        ["a page"] = http =>
        {
            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync("<!doctype html><title>Maintenance</title>");
        },
        ["an error"] = http => UpstreamStandIn.AnswerJsonAsync(http, new { message = "secret details" }, 503),
        ["a redirect"] = http =>
        {
            http.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        },
        ["a reset"] = http =>
        {
            http.Abort();
            return Task.CompletedTask;
        },
        ["10 MB"] = http => WriteAsync(http, 10 * 16),
        ["an answer without end"] = async http =>
        {
            await WriteAsync(http, 10 * 16); // enough for who reads on
            await StandIn.GoneAsync(http);
        },
    };

    [Theory]
    [InlineData("discovery")]
    [InlineData("keys")]
    [InlineData("tokens")]
    [InlineData("user info")]
    public async Task F_41_shows_a_page_of_its_own_for_nonsense_in_place_of(string place)
    {
        await using var gitLab = await OidcStandIn.StartAsync();
        var path = place switch
        {
            "discovery" => OidcStandIn.DiscoveryPath,
            "keys" => gitLab.KeysPath,
            "tokens" => gitLab.TokenPath,
            _ => gitLab.UserInfoPath,
        };
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab");
        foreach (var (name, fault) in Faults)
        {
            gitLab.Endpoints.Break(path, fault);
            var waited = Stopwatch.StartNew();
            using var browser = await upstream.TryAsync();
            Assert.InRange(waited.Elapsed, TimeSpan.Zero, LongestCall); // what never ends is not read to its end
            Assert.True(502 == (int)browser.Response.StatusCode, $"{name}: {(int)browser.Response.StatusCode} {browser.Text}");
            await browser.Response.AssertPageAsync(502);
            Assert.DoesNotContain("secret details", browser.Text, StringComparison.Ordinal);
            await UpstreamCallbackTests.AssertNobodyAsync(upstream, browser);
        }

        gitLab.Endpoints.Mend(path);
        await upstream.SignInAsync();
    }

    [Fact]
    public async Task F_41_waits_eight_seconds_at_most_while_everybody_else_goes_on()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        var existing = await upstream.SignInAsync();
        upstream.Provider.Break(GitHubStandIn.TokenPath, async http =>
        {
            if (upstream.Provider.Redemptions % 2 == 0)
                await http.Response.WriteAsync("{"); // some begin, and never end
            await StandIn.GoneAsync(http);
        });
        var waited = new Stopwatch();
        upstream.Provider.Before = path =>
        {
            if (path == GitHubStandIn.TokenPath)
                waited.Start();
            return Task.CompletedTask;
        };
        var waiting = new[] { upstream.TryAsync(), upstream.TryAsync(), upstream.TryAsync() };
        Assert.NotEqual(true, (await upstream.CallAsync(existing)).IsError);
        Assert.True(await upstream.Server.AcceptsAsync(existing));
        Assert.DoesNotContain(waiting, browser => browser.IsCompleted);

        foreach (var browser in await Task.WhenAll(waiting))
            await browser.Response.AssertPageAsync(502);
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, Patience);
    }

    // RFC 6749 §4.1.2: a code counts once. Whoever answered 503 may have used it up, and a second time can end the first one's tokens.
    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(429)]
    public async Task F_41_tries_a_code_once_when_the_provider_cannot_answer(int status)
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        upstream.Provider.Break(GitHubStandIn.TokenPath, http => UpstreamStandIn.AnswerJsonAsync(http, new { }, status), times: 1);
        using var browser = await upstream.TryAsync();
        await browser.Response.AssertPageAsync(502);
        Assert.Equal(1, upstream.Provider.Redemptions);
        await UpstreamCallbackTests.AssertNobodyAsync(upstream, browser);
    }

    [Fact]
    public async Task F_41_says_so_when_the_provider_is_down()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        var existing = await upstream.SignInAsync();
        var (browser, callback) = await upstream.LeaveAsync();
        await upstream.Provider.DisposeAsync();
        await browser.OpenAsync(callback);
        await browser.Response.AssertPageAsync(502);
        Assert.True(await upstream.Server.AcceptsAsync(existing));
        Assert.NotEqual(true, (await upstream.CallAsync(existing)).IsError);
        browser.Dispose();
    }

    [Fact]
    public async Task F_41_goes_on_with_what_it_knows_of_an_issuer_that_is_down()
    {
        await using var gitLab = await OidcStandIn.StartAsync();
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab");
        await upstream.SignInAsync();
        gitLab.Endpoints.Break(OidcStandIn.DiscoveryPath, Faults["an error"]);
        upstream.Server.Clock.Advance(TimeSpan.FromHours(2));
        await upstream.SignInAsync();
    }

    private static async Task WriteAsync(HttpContext http, int chunks)
    {
        var chunk = new byte[64 * 1024];
        chunk.AsSpan().Fill((byte)' ');
        for (var i = 0; i < chunks && !http.RequestAborted.IsCancellationRequested; i++)
            await http.Response.Body.WriteAsync(chunk, http.RequestAborted);
    }
}
