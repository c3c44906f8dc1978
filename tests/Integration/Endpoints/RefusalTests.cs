using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Pages that say no: in words for people, with a reference for the operator, and with nothing of what came in.</summary>
public sealed class RefusalTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Marker = "call-555-0199";

    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("/authorize?client_id=unknown", 400)]
    [InlineData("/consent?request=unknown", 400)]
    [InlineData("/nowhere", 404)]
    public async Task L_03_carries_the_reference_that_its_line_in_the_log_has(string path, int status)
    {
        await using var own = await TestServer.StartAsync();
        using var browser = own.Browser();
        var page = await (await browser.OpenAsync(path)).Response.AssertPageAsync(status);
        var reference = page.QuerySelector(".reference code")!.TextContent;
        Assert.Matches("^[0-9a-f]{32}$", reference);
        var line = await own.Log.NextAsync(line => line.Contains($" {path.Split('?')[0]} {status} ", StringComparison.Ordinal));
        Assert.Contains($"trace={reference}", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"/authorize?client_id={Marker}&redirect_uri=https://{Marker}.example&scope={Marker}&state={Marker}&{Marker}={Marker}")]
    [InlineData($"/authorize?client_id=https://{Marker}.example/client.json")]
    [InlineData($"/signin?request={Marker}&then={Marker}")]
    [InlineData($"/signin?then={Marker}&error={Marker}&username={Marker}")]
    [InlineData($"/consent?request={Marker}")]
    [InlineData($"/signin/callback?state={Marker}&error={Marker}&error_description={Marker}")]
    [InlineData($"/signout?request={Marker}")]
    [InlineData($"/?notice={Marker}")]
    [InlineData($"/{Marker}")]
    [InlineData($"/.well-known/{Marker}")]
    public async Task Repeats_nothing_that_came_in(string address)
    {
        using var browser = server.Browser();
        await browser.OpenAsync(address);
        Assert.DoesNotContain(
            Marker,
            await browser.Response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.OrdinalIgnoreCase
        );
    }

    [Theory]
    [InlineData("/signin", "/")]
    [InlineData("/signin/code", "/")]
    [InlineData("/consent", "/")]
    [InlineData("/signout", "/")]
    [InlineData("/signin/upstream", "/")]
    [InlineData($"/signin/callback/{Marker}", "/")]
    [InlineData("/connections", "/connections")]
    [InlineData("/connections/disconnect", "/connections")]
    [InlineData("/account/password", "/account")]
    public async Task C_02_leads_on_from_a_form_without_a_token_to_a_page_of_ours(string path, string next)
    {
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync();
        foreach (
            var form in new Dictionary<string, string>[]
            {
                [],
                new()
                {
                    ["request"] = Marker,
                    ["then"] = $"//{Marker}",
                    ["username"] = Marker,
                },
            }
        )
        {
            using var response = await server.PostFormAsync(path, form, browser.Cookies);
            var page = await response.AssertPageAsync();
            Assert.Equal(next, Assert.Single(page.QuerySelectorAll("a")).GetAttribute("href"));
            Assert.DoesNotContain(Marker, page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("multipart/form-data", 415)]
    [InlineData("multipart/form-data; boundary=x", 415)]
    [InlineData("application/json", 400)]
    public async Task C_02_takes_what_is_no_form_for_one_without_a_token(string contentType, int status)
    {
        using var http = server.Http();
        using var content = new StringContent("--x\r\nnothing");
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(contentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signin")
        {
            Content = content,
            Headers = { { "Accept", "text/html" } },
        };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        await response.AssertPageAsync(status);
    }

    [Fact]
    public async Task C_02_leads_from_a_form_of_an_earlier_session_back_to_the_question()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        var early = browser.Form(("username", "bob"), ("password", TestServer.Password));
        await browser.SignInAsync();
        using var stale = await server.PostFormAsync("/signin", early, browser.Cookies);
        var page = await stale.AssertPageAsync();
        Assert.False(stale.Headers.Contains("Set-Cookie"));
        await browser.OpenAsync(page.QuerySelector("main a")!.GetAttribute("href")!);
        Assert.Equal("/consent", browser.Location.AbsolutePath);
        Assert.Contains("Signed in as alice", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_people_in_plain_words_and_the_makers_of_the_application_in_theirs()
    {
        using var browser = server.Browser();
        var page = await (await browser.OpenAsync("/authorize?client_id=unknown")).Response.AssertPageAsync();
        Assert.StartsWith("An application sent you here", page.QuerySelector("h1 + p")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("client_id names no registered client.", page.QuerySelector("q")!.TextContent);
        page = await (await browser.OpenAsync("/nowhere")).Response.AssertPageAsync(404);
        Assert.Equal("/", Assert.Single(page.QuerySelectorAll("a")).GetAttribute("href"));
    }
}
