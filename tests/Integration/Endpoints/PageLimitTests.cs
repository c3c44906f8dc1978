using System.Text;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>What a page takes from strangers: short forms of few fields, only so many a minute, counted before they are read.</summary>
public sealed class PageLimitTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Form = "application/x-www-form-urlencoded";

    [Theory]
    [InlineData("/signin", 64)]
    [InlineData("/account/passkeys", 64)]
    [InlineData("/signin/code", 16)]
    [InlineData("/signin/upstream", 16)]
    [InlineData("/signout", 16)]
    [InlineData("/consent", 16)]
    [InlineData("/connections", 16)]
    [InlineData("/account/password", 64)]
    [InlineData("/account/passkeys/remove", 16)]
    [InlineData("/connections/disconnect", 16)]
    [InlineData("/account/authenticator", 16)]
    public async Task M1_a_page_reads_no_longer_form_than_its_own(string path, int kilobytes)
    {
        static string Body(int size) => "a=".PadRight(size, 'a');
        using var fits = await PostAsync(shared.Server, path, Body(kilobytes * 1024), Form);
        Assert.NotEqual(413, (int)fits.StatusCode);
        using var refused = await PostAsync(shared.Server, path, Body((kilobytes * 1024) + 1), Form);
        await refused.AssertPageAsync(413);
    }

    [Fact]
    public async Task M1_a_page_reads_forms_as_long_as_configured()
    {
        await using var server = await TestServer.StartAsync(("Limits:PageBodyBytes", "100"));
        using var fits = await PostAsync(server, "/consent", "a=".PadRight(100, 'a'), Form);
        await fits.AssertPageAsync();
        using var refused = await PostAsync(server, "/consent", "a=".PadRight(101, 'a'), Form);
        await refused.AssertPageAsync(413);
    }

    [Theory]
    [InlineData("/signin")]
    [InlineData("/consent")]
    [InlineData("/account/password")]
    public async Task M1_a_page_takes_no_form_in_parts(string path)
    {
        const string Parts = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\ncontent\r\n--x--\r\n";
        using var refused = await PostAsync(shared.Server, path, Parts, "multipart/form-data; boundary=x");
        await refused.AssertPageAsync(415);
    }

    [Theory]
    [InlineData("/signin")]
    [InlineData("/consent")]
    public async Task M1_a_page_reads_no_form_of_many_fields(string path)
    {
        using var refused = await PostAsync(
            shared.Server,
            path,
            string.Join('&', Enumerable.Range(0, 65).Select(key => $"k{key}=x")),
            Form
        );
        Assert.Contains("The form is malformed.", (await refused.AssertPageAsync()).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task M1_counts_sign_ins_without_the_token_of_a_form_too()
    {
        await using var server = await TestServer.StartAsync(("Limits:SignInPerMinute", "3"));
        for (var attempt = 0; attempt < 3; attempt++)
            await (await PostAsync(server, "/signin", "username=alice&password=guess", Form)).AssertPageAsync();
        using var refused = await PostAsync(server, "/signin", "username=alice&password=guess", Form);
        await AssertTooManyAsync(refused);
    }

    [Fact]
    public async Task M1_counts_before_it_reads()
    {
        await using var server = await TestServer.StartAsync(("Limits:SignInPerMinute", "1"));
        await (await PostAsync(server, "/signin", "a=b", Form)).AssertPageAsync();
        // Nothing of the body is sent, so that only who does not wait for it can answer.
        var answer = await server.FirstLineAsync(
            $"POST /signin HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Type: {Form}\r\nContent-Length: 1000\r\n\r\n"
        );
        Assert.Equal("HTTP/1.1 429 Too Many Requests", answer);
    }

    [Theory]
    [InlineData("POST", "/signin")]
    [InlineData("POST", "/signin/code")]
    [InlineData("POST", "/signin/upstream")]
    [InlineData("GET", "/signin/upstream")]
    [InlineData("GET", "/signin/callback")]
    [InlineData("GET", "/signin/callback/github")]
    public async Task Q_05_every_step_of_a_sign_in_draws_on_one_budget(string method, string path)
    {
        await using var server = await TestServer.StartAsync(("Limits:SignInPerMinute", "1"));
        using var first = await PostAsync(server, "/signin", "a=b", Form);
        Assert.NotEqual(429, (int)first.StatusCode);
        using var refused = await SendAsync(server, method, path);
        await AssertTooManyAsync(refused);
        using var look = await SendAsync(server, "GET", "/signin"); // the form itself is still shown
        await look.AssertPageAsync(200);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/consent")]
    [InlineData("/connections")]
    [InlineData("/account")]
    [InlineData("/signin")]
    public async Task Q_05_every_page_is_shown_only_so_often(string path)
    {
        await using var server = await TestServer.StartAsync(("Limits:PagesPerMinute", "2"));
        for (var look = 0; look < 2; look++)
            Assert.NotEqual(429, (int)(await SendAsync(server, "GET", path)).StatusCode);
        using var refused = await SendAsync(server, "GET", path);
        await AssertTooManyAsync(refused);
    }

    [Fact]
    public async Task Q_05_an_authorization_too_many_is_refused_on_a_page()
    {
        await using var server = await TestServer.StartAsync(("Limits:AuthorizePerMinute", "1"));
        using var client = await TestClient.RegisterAsync(server);
        Assert.Equal(303, (int)(await SendAsync(server, "GET", client.AuthorizationUrl())).StatusCode);
        using var refused = await SendAsync(server, "GET", client.AuthorizationUrl());
        await AssertTooManyAsync(refused);
    }

    private static async Task AssertTooManyAsync(HttpResponseMessage response)
    {
        await response.AssertPageAsync(429);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
    }

    private static Task<HttpResponseMessage> PostAsync(TestServer server, string path, string body, string contentType)
    {
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return SendAsync(server, "POST", path, content);
    }

    private static Task<HttpResponseMessage> SendAsync(TestServer server, string method, string path, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        request.Headers.Accept.ParseAdd("text/html");
        return server.SendAsync(request);
    }
}
