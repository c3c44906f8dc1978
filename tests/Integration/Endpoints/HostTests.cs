using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Requests that claim another host, and requests that are too large: the edge of the server.</summary>
public sealed class HostTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("/authorize", "evil.example")]
    [InlineData("/signin", "evil.example")]
    [InlineData("/.well-known/oauth-authorization-server", "evil.example")]
    [InlineData("/.well-known/oauth-protected-resource", "evil.example:80")]
    [InlineData("/mcp", "evil.example")]
    [InlineData("/signin", "localhost.evil.example")]
    [InlineData("/signin", "localhost@evil.example")]
    [InlineData("/signin", "localhost, evil.example")]
    [InlineData("/signin", null)]
    [InlineData("http://evil.example/signin", "localhost")]
    public async Task A_27_refuses_another_host(string target, string? host)
    {
        var answer = await server.GetRawAsync(target, ("Host", host));
        Assert.Equal(400, answer.Status);
        Assert.DoesNotContain("evil", answer.Text, StringComparison.Ordinal);
        Assert.Null(answer.Header("Location"));
        Assert.Null(answer.Header("Set-Cookie"));
    }

    [Fact]
    public async Task H_01_draws_no_page_without_headers_for_another_host()
    {
        var answer = await server.GetRawAsync("/signin", ("Host", "evil.example"), ("Accept", "text/html"));
        Assert.True(answer.Body.Length == 0 || answer.Header("Content-Security-Policy") is not null, answer.Text);
    }

    [Theory]
    [InlineData("Host", "localhost:9999")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Forwarded-Prefix", "/evil")]
    [InlineData("X-Original-Host", "evil.example")]
    [InlineData("X-Original-URL", "/evil")]
    [InlineData("Forwarded", "for=1.2.3.4;host=evil.example;proto=https")]
    public async Task A_27_builds_nothing_from_what_a_stranger_forwards(string header, string value)
    {
        using var client = await TestClient.RegisterAsync(server);
        var plain = await server.GetRawAsync("/.well-known/oauth-authorization-server");
        var forwarded = await server.GetRawAsync("/.well-known/oauth-authorization-server", (header, value));
        Assert.Equal(200, forwarded.Status);
        Assert.Equal(plain.Body, forwarded.Body);

        var authorize = await server.GetRawAsync(client.AuthorizationUrl(), (header, value));
        Assert.Matches("^/signin[?]request=[A-Za-z0-9_-]+$", authorize.Header("Location"));
        Assert.DoesNotContain("secure", authorize.Header("Set-Cookie"), StringComparison.OrdinalIgnoreCase);

        var challenge = await server.GetRawAsync("/mcp", (header, value));
        Assert.Equal(401, challenge.Status);
        Assert.Contains(
            $"{server.Issuer}/.well-known/oauth-protected-resource",
            challenge.Header("WWW-Authenticate"),
            StringComparison.Ordinal
        );

        var page = await server.GetRawAsync("/", (header, value));
        Assert.Equal(200, page.Status);
        Assert.Contains(server.Resource, page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("9999", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9 * 1024)]
    [InlineData(64 * 1024)]
    public async Task A_25_refuses_an_overlong_request_line(int length)
    {
        using var client = await TestClient.RegisterAsync(server);
        var answer = await server.GetRawAsync($"{client.AuthorizationUrl()}&state={new string('s', length)}");
        Assert.Contains(answer.Status, new[] { 400, 414 });
        await AssertAliveAsync();
    }

    [Fact]
    public async Task Q_03_refuses_more_than_32_KB_of_headers()
    {
        var answer = await server.GetRawAsync("/authorize", ("X-Large", new string('x', 33 * 1024)));
        Assert.Equal(431, answer.Status);
        await AssertAliveAsync();
    }

    [Theory]
    [InlineData("/authorize?client_id=\u00e4\u00ff")]
    [InlineData("/authorize?\u0000=1")]
    [InlineData("/authorize?%ZZ=%&=&&===&%00=%00")]
    [InlineData("/authorize?client_id=%C0%AF%ED%A0%80")]
    [InlineData("/authorize/../authorize?client_id=x")]
    [InlineData("//authorize?client_id=x")]
    [InlineData("/authorize%00")]
    [InlineData("/%ff%fe")]
    [InlineData("/signin?request=%00&request=%ff")]
    [InlineData("/consent?request=..%2f..%2f")]
    public async Task Answers_garbage_with_a_refusal_and_never_with_a_fault(string target)
    {
        var answer = await server.GetRawAsync(target);
        Assert.InRange(answer.Status, 400, 404);
        Assert.Null(answer.Header("Location"));
        await AssertAliveAsync();
    }

    private async Task AssertAliveAsync()
    {
        using var http = server.Http();
        using var alive = await http.GetAsync("/health/live", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }
}
