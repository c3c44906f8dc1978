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

    private Task<HttpResponseMessage> SendAsync(string method, string path, string? contentType, string? token = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (contentType is not null)
            request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes("{}"));
        if (!string.IsNullOrEmpty(contentType))
            request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return shared.Server.SendAsync(request);
    }
}
