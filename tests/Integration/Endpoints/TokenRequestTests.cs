using System.Net;
using System.Text;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>The shape of a request to /token, before any grant is looked at.</summary>
public sealed class TokenRequestTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Form = "application/x-www-form-urlencoded";
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("client_id=x&code=y", "invalid_request")]
    [InlineData("grant_type=", "invalid_request")]
    [InlineData("", "invalid_request")]
    [InlineData("grant_type=password&username=alice&password=x", "unsupported_grant_type")]
    [InlineData("grant_type=implicit", "unsupported_grant_type")]
    [InlineData("grant_type=foo", "unsupported_grant_type")]
    [InlineData("grant_type=Authorization_Code&code=x", "unsupported_grant_type")]
    [InlineData("grant_type=authorization_code%20&code=x", "unsupported_grant_type")]
    public async Task T_02_refuses_a_missing_or_unknown_grant_type(string body, string error) =>
        await (await PostAsync(body, Form)).AssertErrorAsync(400, error);

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task T_03_allows_POST_alone(string method)
    {
        using var response = await server.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/token?grant_type=authorization_code"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task T_03_ignores_parameters_in_the_query()
    {
        using var client = await TestClient.RegisterAsync(server);
        var code = await client.CodeAsync();
        var query = $"grant_type=authorization_code&client_id={client.Id}&code={code}&code_verifier={client.Verifier}";
        await (await PostAsync("", Form, query)).AssertErrorAsync(400, "invalid_request");
        await (await PostAsync($"grant_type=authorization_code&client_id={client.Id}", Form, query)).AssertErrorAsync(
            400,
            "invalid_request"
        );
        Assert.Equal(HttpStatusCode.OK, (await client.ExchangeAsync(code)).StatusCode);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded-not")]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData(null)]
    public async Task T_03_refuses_every_other_content_type(string? contentType)
    {
        using var client = await TestClient.RegisterAsync(server);
        var good = $"grant_type=authorization_code&client_id={client.Id}&code={await client.CodeAsync()}&code_verifier={client.Verifier}";
        foreach (
            var body in new[]
            {
                good,
                """{"grant_type":"authorization_code"}""",
                "--x\r\nContent-Disposition: form-data; name=\"grant_type\"\r\n\r\nauthorization_code\r\n--x--\r\n",
                "",
            }
        )
            await (await PostAsync(body, contentType)).AssertErrorAsync(400, "invalid_request");
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=UTF-8")]
    [InlineData("APPLICATION/X-WWW-FORM-URLENCODED")]
    public async Task Reads_the_content_type_in_any_spelling(string contentType)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await PostAsync(
            $"grant_type=authorization_code&client_id={client.Id}&code={await client.CodeAsync()}&code_verifier={client.Verifier}",
            contentType
        );
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("code={0}")]
    [InlineData("Code={0}")]
    [InlineData("code=")]
    [InlineData("client_id={1}")]
    [InlineData("grant_type=authorization_code")]
    [InlineData("unknown=1&unknown=2")]
    [InlineData("%63ode={0}")]
    public async Task T_04_refuses_a_repeated_parameter_and_leaves_the_code_alone(string extra)
    {
        using var client = await TestClient.RegisterAsync(server);
        var code = await client.CodeAsync();
        var repeated = extra.Replace("{0}", code, StringComparison.Ordinal).Replace("{1}", client.Id, StringComparison.Ordinal);
        using var response = await PostAsync(
            $"grant_type=authorization_code&client_id={client.Id}&code={code}&code_verifier={client.Verifier}&{repeated}",
            Form
        );
        await response.AssertErrorAsync(400, "invalid_request");
        Assert.Equal(HttpStatusCode.OK, (await client.ExchangeAsync(code)).StatusCode);
    }

    [Fact]
    public async Task Takes_a_repeated_resource_and_ignores_unknown_parameters()
    {
        using var client = await TestClient.RegisterAsync(server);
        var resource = Uri.EscapeDataString(server.Resource);
        using var response = await PostAsync(
            $"grant_type=authorization_code&client_id={client.Id}&code={await client.CodeAsync()}&code_verifier={client.Verifier}&resource={resource}&resource={resource}&audience=x",
            Form
        );
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task T_05_refuses_a_missing_code()
    {
        using var client = await TestClient.RegisterAsync(server);
        await (await client.ExchangeAsync("", ("code", null))).AssertErrorAsync(400, "invalid_request");
        await (await client.ExchangeAsync("")).AssertErrorAsync(400, "invalid_request");
    }

    [Theory]
    [InlineData("Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE")]
    [InlineData("' OR '1'='1")]
    [InlineData("\"; DROP TABLE Grants; --")]
    [InlineData("%00%0d%0a%")]
    [InlineData("😀 ü \u202e")]
    public async Task T_05_refuses_an_unknown_code(string code)
    {
        using var client = await TestClient.RegisterAsync(server);
        await (await client.ExchangeAsync(code)).AssertErrorAsync(400, "invalid_grant");
    }

    [Theory]
    [InlineData("\0")]
    [InlineData("a\0b")]
    public async Task T_05_refuses_a_form_that_holds_NUL(string code)
    {
        using var client = await TestClient.RegisterAsync(server);
        await (await client.ExchangeAsync(code)).AssertErrorAsync(400, "invalid_request");
    }

    [Fact]
    public async Task T_05_refuses_a_code_of_10_KB_and_a_body_beyond_the_limit()
    {
        using var client = await TestClient.RegisterAsync(server);
        await (await client.ExchangeAsync(new string('a', 10 * 1024))).AssertErrorAsync(400, "invalid_grant");
        await (await client.ExchangeAsync(new string('a', 17 * 1024))).AssertErrorAsync(413, "invalid_request");
    }

    [Fact]
    public async Task T_23_a_browser_cookie_has_no_effect()
    {
        using var client = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", "client_secret_post"));
        using var browser = server.Browser();
        await browser.AllowAsync(client.AuthorizationUrl());
        var cookies = string.Join("; ", browser.Cookies.Select(cookie => $"{cookie.Name}={cookie.Value}"));
        Assert.Contains(server.CookieName("session") + "=", cookies, StringComparison.Ordinal);
        client.Http.DefaultRequestHeaders.Add("Cookie", cookies);

        await (await client.ExchangeAsync(await client.CodeAsync(), ("client_secret", null))).AssertErrorAsync(401, "invalid_client");
        using var response = await client.ExchangeAsync(await client.CodeAsync("bob"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
        var bob = await server.InDatabaseAsync(db => Task.FromResult(db.Users.Single(user => user.UserName == "bob").Id));
        Assert.Equal(bob, (string?)ForgedToken.Claims((string)(await response.JsonAsync())["access_token"]!)["sub"]);
    }

    private async Task<HttpResponseMessage> PostAsync(string body, string? contentType, string query = "")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return await server.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/token?{query}") { Content = content });
    }
}
