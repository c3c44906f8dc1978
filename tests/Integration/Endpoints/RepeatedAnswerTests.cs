using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>One answer and one code, however often it is sent; whoever sent it gets it again while it is of use.</summary>
public sealed class RepeatedAnswerTests
{
    [Fact]
    public async Task C_21_K_09_gives_the_same_redirect_to_every_answer_that_comes_at_once()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client);
        var (before, form) = (await server.RowsAsync(), browser.Form(("decision", "allow")));
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => server.PostFormAsync("/consent", form, browser.Cookies)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode));
        var location = Assert.Single(answers.Select(answer => answer.Headers.Location!.OriginalString).Distinct());
        Assert.Equal(before with { Codes = before.Codes + 1, Grants = before.Grants + 1 }, await server.RowsAsync());

        using var exchanged = await client.ExchangeAsync(CodeIn(location));
        Assert.Equal(HttpStatusCode.OK, exchanged.StatusCode);
    }

    [Fact]
    public async Task K_09_an_answer_lost_on_the_way_can_be_had_again()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client);
        var form = browser.Form(("decision", "allow"));
        var first = await AnswerAsync(server, browser, form); // as if nobody had read it
        Assert.Equal(first, await AnswerAsync(server, browser, form));
        await browser.OpenAsync($"/consent?request={form["request"]}"); // the page, loaded again
        Assert.Equal(new Uri(first), browser.Location);
        server.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(first, await AnswerAsync(server, browser, form));
        using var exchanged = await client.ExchangeAsync(CodeIn(first));
        Assert.Equal(HttpStatusCode.OK, exchanged.StatusCode);
    }

    [Fact]
    public async Task C_21_a_denial_is_repeated_too()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client);
        var form = browser.Form(("decision", "deny"));
        var first = await AnswerAsync(server, browser, form);
        AuthorizeAnswers.AssertErrorResponse(first, server, "access_denied");
        Assert.Equal(first, await AnswerAsync(server, browser, form));
        await AssertAnsweredAsync(server, browser, browser.Form(("decision", "allow")));
    }

    [Theory]
    [InlineData("deny", "mcp.write")]
    [InlineData("allow", null)]
    public async Task C_21_takes_no_other_answer_than_the_first(string decision, string? scope)
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client);
        await AnswerAsync(server, browser, browser.Form(("decision", "allow"), ("scope", "mcp.write")));
        var second = browser.Form(("decision", decision));
        if (scope is not null)
            second["scope"] = scope;
        await AssertAnsweredAsync(server, browser, second);
    }

    [Fact]
    public async Task C_21_repeats_no_answer_after_a_minute()
    {
        await using var server = await TestServer.StartAsync(("OAuth:CodeLifetime", "00:05:00"));
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client);
        var form = browser.Form(("decision", "allow"));
        await AnswerAsync(server, browser, form);
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await AssertAnsweredAsync(server, browser, form);
    }

    [Fact]
    public async Task C_21_repeats_no_answer_whose_code_was_used()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client);
        var form = browser.Form(("decision", "allow"));
        (await client.ExchangeAsync(CodeIn(await AnswerAsync(server, browser, form)))).Dispose();
        await AssertAnsweredAsync(server, browser, form);
    }

    [Fact]
    public async Task C_21_repeats_no_answer_for_another_browser_or_who_signed_out()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client);
        var form = browser.Form(("decision", "allow"));
        await AnswerAsync(server, browser, form);

        using var other = await server.AskAsync(client);
        using var stolen = await server.PostFormAsync(
            "/consent",
            other.Form(("decision", "allow"), ("request", form["request"])),
            other.Cookies
        );
        await stolen.AssertPageAsync(403);

        await browser.OpenAsync("/");
        await browser.SubmitAsync("Sign out");
        await browser.OpenAsync($"/consent?request={form["request"]}");
        await browser.Response.AssertPageAsync();
    }

    private static async Task<string> AnswerAsync(TestServer server, TestBrowser browser, Dictionary<string, string> form)
    {
        using var answer = await server.PostFormAsync("/consent", form, browser.Cookies);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return answer.Headers.Location!.OriginalString;
    }

    private static async Task AssertAnsweredAsync(TestServer server, TestBrowser browser, Dictionary<string, string> form)
    {
        using var again = await server.PostFormAsync("/consent", form, browser.Cookies);
        var page = await again.AssertPageAsync();
        Assert.Contains("already answered", page.Body!.TextContent, StringComparison.Ordinal);
    }

    private static string CodeIn(string location) =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(location).Query)["code"].ToString();
}
