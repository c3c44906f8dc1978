using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Which answers a web page of another origin may read.</summary>
public sealed class CorsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Stranger = "https://app.example";

    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("GET", "/authorize")]
    [InlineData("GET", "/signin")]
    [InlineData("GET", "/consent")]
    [InlineData("GET", "/signout")]
    [InlineData("GET", "/")]
    [InlineData("POST", "/signin")]
    [InlineData("POST", "/consent")]
    [InlineData("POST", "/signout")]
    public async Task H_02_lets_nobody_read_a_page(string method, string path)
    {
        foreach (var origin in new[] { Stranger, "null", server.Issuer })
        {
            using var response = await SendAsync(method, path, origin);
            Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
            using var preflight = await PreflightAsync(method, path, origin);
            Assert.DoesNotContain(preflight.Headers, header =>
                header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)
            );
        }
    }

    [Theory]
    [InlineData("POST", "/token")]
    [InlineData("POST", "/register")]
    [InlineData("POST", "/revoke")]
    [InlineData("GET", "/.well-known/oauth-protected-resource")]
    [InlineData("GET", "/.well-known/oauth-protected-resource/mcp")]
    [InlineData("GET", "/.well-known/oauth-authorization-server")]
    [InlineData("GET", "/.well-known/openid-configuration")]
    [InlineData("GET", "/.well-known/jwks.json")]
    [InlineData("GET", "/.well-known/oauth-authorization-server/mcp")] // which is not there, as a page is to learn
    public async Task H_02_lets_everyone_read_what_takes_no_cookie(string method, string path)
    {
        foreach (var origin in new[] { Stranger, "null" })
        {
            using var response = await SendAsync(method, path, origin);
            Assert.Equal(["*"], response.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
            using var preflight = await PreflightAsync(method, path, origin, "authorization,content-type,mcp-protocol-version");
            Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
            Assert.Equal(["*"], preflight.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.False(preflight.Headers.Contains("Access-Control-Allow-Credentials"));
            var allowed = preflight.Headers.GetValues("Access-Control-Allow-Headers").Single();
            Assert.Contains("authorization", allowed, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("mcp-protocol-version", allowed, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task H_02_lets_the_page_read_an_error_too()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/register")
        {
            Content = new StringContent(new string('x', 17 * 1024)),
            Headers = { { "Origin", Stranger } },
        };
        using var response = await client.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(["*"], response.Headers.GetValues("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData(Stranger)]
    [InlineData("null")]
    [InlineData("http://localhost")]
    [InlineData("http://localhost.evil.example")]
    public async Task H_02_keeps_strange_origins_from_the_endpoint(string origin)
    {
        using var response = await SendAsync("POST", "/mcp", origin);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        using var preflight = await PreflightAsync("POST", "/mcp", origin, "authorization");
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task H_02_lets_an_allowed_origin_use_the_endpoint()
    {
        await using var own = await TestServer.StartAsync(("Mcp:AllowedOrigins:0", Stranger));
        foreach (var origin in new[] { Stranger, own.Issuer })
        {
            using var response = await SendAsync("GET", "/mcp", origin, own);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal([origin], response.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
            Assert.Contains("Origin", response.Headers.Vary);
            var exposed = string.Join(',', response.Headers.GetValues("Access-Control-Expose-Headers"));
            Assert.Contains("WWW-Authenticate", exposed, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("Retry-After", exposed, StringComparison.OrdinalIgnoreCase);
        }

        using var stranger = await SendAsync("GET", "/mcp", "https://other.example", own);
        Assert.Equal(HttpStatusCode.Forbidden, stranger.StatusCode);
    }

    private Task<HttpResponseMessage> PreflightAsync(string method, string path, string origin, string? headers = null) =>
        SendAsync(
            "OPTIONS",
            path,
            origin,
            null,
            headers is null
                ? [("Access-Control-Request-Method", method)]
                : [("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", headers)]
        );

    private async Task<HttpResponseMessage> SendAsync(
        string method,
        string path,
        string origin,
        TestServer? to = null,
        params (string Name, string Value)[] headers
    )
    {
        using var http = (to ?? server).Http();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Origin", origin);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        if (method == "POST")
            request.Content = new FormUrlEncodedContent([]);
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
