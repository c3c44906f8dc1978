using System.Net.Http.Headers;
using System.Text;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Requests that the framework would meet with an exception: the server has an answer of its own.</summary>
public sealed class RequestShapeTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Theory]
    [InlineData("/token", "application/x-www-form-urlencoded; charset=utf-7")]
    [InlineData("/token", "application/x-www-form-urlencoded; charset=nonsense")]
    [InlineData("/signin", "application/x-www-form-urlencoded; charset=\"utf-7\"")]
    [InlineData("/mcp", "application/json; charset=nonsense")]
    public async Task Refuses_a_charset_that_it_cannot_read(string path, string contentType) =>
        await (await SendAsync("POST", path, contentType)).AssertErrorAsync(415, "invalid_request");

    [Theory]
    [InlineData("\"utf-8\"")]
    [InlineData("\"UTF-8\"")]
    [InlineData("utf8")]
    [InlineData("UTF8")]
    [InlineData("\"utf8\"")]
    public async Task K_05_reads_UTF_8_however_it_is_spelt(string charset)
    {
        var form = $"application/x-www-form-urlencoded; charset={charset}";
        using var token = await SendAsync("POST", "/token", form, body: "grant_type=caf%C3%A9");
        await token.AssertErrorAsync(400, "unsupported_grant_type");
        using var revoked = await SendAsync("POST", "/revoke", form, body: "client_id=x&token=x");
        await revoked.AssertErrorAsync(401, "invalid_client");
        using var introspected = await SendAsync("POST", "/introspect", form, body: "client_id=x&token=x");
        await introspected.AssertErrorAsync(401, "invalid_client");
        using var registered = await SendAsync(
            "POST",
            "/register",
            $"application/json; charset={charset}",
            body: $$"""{"redirect_uris":["{{TestClient.RedirectUri}}"],"client_name":"Café"}"""
        );
        Assert.Equal("Café", (string?)(await registered.JsonAsync())["client_name"]);
    }

    [Theory]
    [InlineData("\"utf-8\"")]
    [InlineData("utf8")]
    public async Task K_05_signs_in_by_a_form_in_UTF_8_however_it_is_spelt(string charset)
    {
        using var browser = shared.Server.Browser();
        await browser.OpenAsync("/signin");
        var form = new FormUrlEncodedContent(browser.Form(("username", "alice"), ("password", TestServer.Password)));
        form.Headers.Remove("Content-Type");
        form.Headers.TryAddWithoutValidation("Content-Type", $"application/x-www-form-urlencoded; charset={charset}");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signin") { Content = form };
        request.Headers.Add("Cookie", string.Join("; ", browser.Cookies.Select(cookie => $"{cookie.Name}={cookie.Value}")));
        using var response = await shared.Server.SendAsync(request);
        Assert.Equal(303, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("")]
    public async Task Refuses_a_message_that_says_it_is_no_JSON(string contentType)
    {
        using var client = await TestClient.RegisterAsync(shared.Server);
        var (access, _) = await client.SignInAsync();
        await (await SendAsync("POST", "/mcp", contentType, access)).AssertErrorAsync(415, "invalid_request");
    }

    [Theory]
    [InlineData("PUT", "/signin")]
    [InlineData("TRACE", "/consent")]
    [InlineData("DELETE", "/")]
    [InlineData("BREW", "/signout")]
    public async Task Serves_pages_to_the_methods_of_a_browser_alone(string method, string path)
    {
        using var response = await SendAsync(method, path, null);
        await response.AssertErrorAsync(405, "method_not_allowed");
        Assert.Equal(["GET", "HEAD", "POST"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("/account")]
    [InlineData("/signin/callback")]
    [InlineData("/signin/callback/github")]
    public async Task Refuses_a_form_for_a_page_that_has_none(string path)
    {
        using var browser = shared.Server.Browser();
        await browser.OpenAsync("/account");
        await browser.SignInAsync();
        await browser.PostAsync(path, ("name", "x"));
        await browser.Response.AssertPageAsync(405);
        Assert.Equal(["GET", "HEAD"], browser.Response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("/token")]
    [InlineData("/revoke")]
    [InlineData("/introspect")]
    public async Task Refuses_a_form_whose_type_cannot_be_parsed(string path)
    {
        foreach (var parameter in new[] { "charset=utf-8, text/html", "charset=\"", "=utf-8", "charset=\u00c3\u00bc" })
        {
            var type = $"application/x-www-form-urlencoded; {parameter}";
            var answer = await shared.Server.SendRawAsync(
                $"POST {path} HTTP/1.1\r\nHost: {shared.Server.Address.Authority}\r\nConnection: close\r\n"
                    + $"Content-Type: {type}\r\nContent-Length: 3\r\n\r\na=b"
            );
            Assert.Equal(400, answer.Status);
            Assert.Contains("The content type must be", answer.Body, StringComparison.Ordinal);
        }
    }

    private Task<HttpResponseMessage> SendAsync(string method, string path, string? contentType, string? token = null, string body = "{}")
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (contentType is not null)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (!string.IsNullOrEmpty(contentType))
            request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return shared.Server.SendAsync(request);
    }
}
