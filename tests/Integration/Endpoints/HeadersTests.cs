using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>What every answer carries, and what no request gets past: anti-forgery and size.</summary>
public sealed class HeadersTests(SharedServer shared) : IClassFixture<SharedServer>
{
    // These know their caller by a secret in the request, never by a cookie.
    private static readonly string[] WithoutCookie = ["/token", "/revoke", "/introspect", "/register", "/mcp", "/mcp/"];

    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/signin", 200)]
    [InlineData("GET", "/signout", 200)]
    [InlineData("GET", "/signin?request=unknown", 400)]
    [InlineData("GET", "/consent?request=unknown", 400)]
    [InlineData("GET", "/authorize", 400)]
    [InlineData("GET", "/nowhere", 404)]
    [InlineData("POST", "/authorize", 405)]
    [InlineData("POST", "/signin", 400)]
    [InlineData("GET", "/token", 405)]
    public async Task H_01_guards_every_page(string method, string path, int status)
    {
        using var http = server.Http();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { { "Accept", "text/html" } } };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var page = await response.AssertPageAsync(status);
        Assert.Empty(page.QuerySelectorAll("script:not([src='/passkeys.js'], [src='/copy.js']), style, [style]"));
        Assert.False(response.Headers.Contains("Server"));
        Assert.False(response.Headers.Contains("X-Powered-By"));
    }

    [Theory]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/health/live")]
    [InlineData("/site.css")]
    [InlineData("/passkeys.js")]
    [InlineData("/copy.js")]
    [InlineData("/icon.svg")]
    public async Task H_01_guards_what_is_no_page_too(string path)
    {
        using var http = server.Http();
        using var response = await http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
    }

    [Fact]
    public async Task H_03_asks_every_post_with_a_cookie_for_an_anti_forgery_token()
    {
        await using var server = await TestServer.StartAsync(("Accounts:Administrators:0", "alice"));
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync();
        var paths = server
            .App.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint =>
                endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is not { HttpMethods: { Count: > 0 } methods }
                || methods.Contains("POST")
            )
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/'))
            .Distinct()
            .Except(WithoutCookie)
            .ToList();
        Assert.Subset(
            paths.ToHashSet(),
            new HashSet<string>
            {
                "/signin",
                "/signin/code",
                "/signout",
                "/consent",
                "/connections",
                "/connections/disconnect",
                "/account",
                "/account/password",
                "/account/passkeys",
                "/account/passkeys/remove",
                "/account/authenticator",
                "/account/authenticator/off",
                "/account/recovery-codes",
                "/admin/act",
                "/",
            }
        );

        foreach (var path in paths.Where(path => path != "/")) // which answers a post in MCP's form, whoever sends it
        {
            using var response = await server.PostFormAsync(
                path,
                [new("username", "bob"), new("password", TestServer.Password), new("decision", "allow")],
                browser.Cookies
            );
            // The words of the filter: a page that came to look at the form would have found another fault with it.
            Assert.Contains("Nothing was done.", (await response.AssertPageAsync()).Body!.TextContent, StringComparison.Ordinal);
            Assert.False(response.Headers.Contains("Set-Cookie"));
        }

        await browser.OpenAsync("/");
        Assert.Contains("Signed in as alice", browser.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/token", true)]
    [InlineData("/token", false)]
    [InlineData("/register", true)]
    [InlineData("/register", false)]
    [InlineData("/revoke", true)]
    public async Task Q_01_refuses_a_body_over_16_KB_whether_it_says_so_or_not(string path, bool saysItsLength)
    {
        using var http = server.Http();
        using var content = new ByteArrayContent(new byte[(16 * 1024) + 1])
        {
            Headers = { ContentType = new("application/x-www-form-urlencoded") },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = content,
            Headers = { TransferEncodingChunked = !saysItsLength },
        };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        await response.AssertErrorAsync(413, "invalid_request");
    }

    [Theory]
    [InlineData("/token", 16 * 1024)]
    [InlineData("/register", 16 * 1024)]
    [InlineData("/mcp", 1024 * 1024)]
    public async Task Q_01_refuses_a_large_body_before_it_has_come(string path, int limit)
    {
        using var client = await TestClient.RegisterAsync(server);
        var token = path == "/mcp" ? (await client.SignInAsync()).Access : "none";
        var answer = await server.SendRawAsync(
            $"POST {path} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\nAccept: application/json, text/event-stream\r\n"
                + $"Content-Type: {(path == "/token" ? "application/x-www-form-urlencoded" : "application/json")}\r\nContent-Length: {limit + 1}\r\n\r\n"
        );
        Assert.Equal(413, answer.Status);
    }

    [Fact]
    public async Task Q_01_takes_a_body_of_exactly_16_KB()
    {
        using var http = server.Http();
        using var content = new StringContent("{\"redirect_uris\":[\"https://a.example/cb\"]}".PadRight(16 * 1024));
        using var response = await http.PostAsync("/register", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }
}
