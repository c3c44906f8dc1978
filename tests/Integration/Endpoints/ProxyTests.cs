using System.Net.Http.Json;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Behind a proxy that ends TLS, in Production: what a trusted one says counts, what anybody else says does not.</summary>
public sealed class ProxyTests
{
    private const string PublicUrl = "https://mcp.example";

    [Theory]
    [InlineData(null)]
    [InlineData("https")]
    public async Task H_06_serves_no_secret_over_http(string? claimedByAStranger)
    {
        await using var server = await TestServer.StartAsync(("OAuth:PublicUrl", PublicUrl));
        foreach (var path in new[] { "/token", "/register", "/revoke", "/introspect" })
        {
            using var response = await PostAsync(server, path, claimedByAStranger);
            await response.AssertErrorAsync(400, "invalid_request");
            Assert.Contains("https", (string?)(await response.JsonAsync())["error_description"], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task L3_takes_no_secret_over_http_anywhere_but_in_development(string environment)
    {
        await using var server = await TestServer.StartAsync(("OAuth:PublicUrl", PublicUrl), ("environment", environment));
        foreach (var path in new[] { "/token", "/mcp" })
        {
            using var response = await PostAsync(server, path, null);
            await response.AssertErrorAsync(400, "invalid_request");
            Assert.Contains("Server:TrustedProxies", (string?)(await response.JsonAsync())["error_description"], StringComparison.Ordinal);
        }

        foreach (var path in new[] { "/signin", "/signin/code", "/account/password", "/consent" })
        {
            using var response = await PostAsync(server, path, null);
            var page = await response.AssertPageAsync();
            Assert.Contains("Server:TrustedProxies", page.Body!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task L3_serves_pages_that_carry_no_secret_and_what_a_trusted_proxy_brings()
    {
        await using var server = await TestServer.StartAsync(TestServer.BehindProxy);
        using var stale = await PostAsync(server, "/signin", "https");
        Assert.DoesNotContain("Server:TrustedProxies", (await stale.AssertPageAsync()).Body!.TextContent, StringComparison.Ordinal);
        using var unsigned = await server.PostMcpAsync(null);
        Assert.Equal(401, (int)unsigned.StatusCode);
        Assert.Equal(200, (await server.GetRawAsync("/signin")).Status);
    }

    [Theory]
    [InlineData("https", true)]
    [InlineData("http", false)]
    [InlineData(null, false)]
    public async Task H_06_believes_a_trusted_proxy(string? proto, bool isServed)
    {
        await using var server = await TestServer.StartAsync(TestServer.BehindProxy);
        using var response = await PostAsync(server, "/token", proto);
        await response.AssertErrorAsync(400, "invalid_request");
        Assert.Equal(isServed, (string?)(await response.JsonAsync())["error_description"] == "grant_type is required.");
    }

    [Fact]
    public async Task H_06_serves_http_where_the_public_URL_is_http()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await PostAsync(server, "/token", null);
        Assert.Equal("grant_type is required.", (string?)(await response.JsonAsync())["error_description"]);
    }

    [Theory]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Forwarded-Proto", "javascript")]
    [InlineData("X-Forwarded-Prefix", "/evil")]
    [InlineData("Forwarded", "host=evil.example")]
    public async Task H_04_takes_no_host_from_a_trusted_proxy_either(string header, string value)
    {
        await using var server = await TestServer.StartAsync(("Server:TrustedProxies:0", "127.0.0.1"), ("Server:TrustedProxies:1", "::1"));
        using var client = await TestClient.RegisterAsync(server);
        Assert.Matches(
            "^/signin[?]request=[A-Za-z0-9_-]+$",
            (await server.GetRawAsync(client.AuthorizationUrl(), (header, value))).Header("Location")
        );
        var page = await server.GetRawAsync("/", (header, value));
        Assert.Contains(server.Resource, page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(value, page.Text, StringComparison.Ordinal);
        Assert.Contains(
            $"\"issuer\":\"{server.Issuer}\"",
            (await server.GetRawAsync("/.well-known/oauth-authorization-server", (header, value))).Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_27_serves_its_public_host_and_no_other()
    {
        await using var server = await TestServer.StartAsync(("OAuth:PublicUrl", PublicUrl));
        Assert.Equal(200, (await server.GetRawAsync("/", ("Host", "mcp.example"))).Status);
        var refused = await server.GetRawAsync("/", ("Host", "evil.example"));
        Assert.Equal(400, refused.Status);
        Assert.Null(refused.Header("Location"));
        Assert.Null(refused.Header("Set-Cookie"));
    }

    private static async Task<HttpResponseMessage> PostAsync(TestServer server, string path, string? proto)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = path == "/mcp" ? JsonContent.Create(new { }) : new FormUrlEncodedContent([]),
        };
        if (proto is not null)
            request.Headers.Add("X-Forwarded-Proto", proto);
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
