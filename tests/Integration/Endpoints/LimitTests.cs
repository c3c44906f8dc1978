using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Infrastructure.Accounts;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>How much and how often: each limit as its key says, and none where the key says 0.</summary>
public sealed class LimitTests
{
    private static readonly (string, string)[] Proxied = [("Server:TrustedProxies:0", "127.0.0.1"), ("Server:TrustedProxies:1", "::1")];

    [Theory]
    [InlineData("/token", "Limits:OAuthBodyBytes")]
    [InlineData("/register", "Limits:OAuthBodyBytes")]
    [InlineData("/mcp", "Limits:McpBodyBytes")]
    public async Task Q_01_takes_bodies_as_large_as_configured(string path, string key)
    {
        await using var server = await TestServer.StartAsync((key, "2000"));
        Assert.NotEqual(HttpStatusCode.RequestEntityTooLarge, await StatusAsync(server, path, 2000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await StatusAsync(server, path, 2001));
    }

    [Theory]
    [InlineData("/token", "Limits:OAuthBodyBytes", 100_000)]
    [InlineData("/mcp", "Limits:McpBodyBytes", 2_000_000)]
    public async Task Q_01_takes_any_body_where_switched_off(string path, string key, int size)
    {
        await using var server = await TestServer.StartAsync((key, "0"));
        Assert.NotEqual(HttpStatusCode.RequestEntityTooLarge, await StatusAsync(server, path, size));
    }

    [Theory]
    [InlineData("2000", 1000, 200)]
    [InlineData("2000", 2000, 431)]
    [InlineData("2000000", 1_500_000, 200)]
    [InlineData("0", 100_000, 200)]
    public async Task Q_03_takes_headers_as_large_as_configured(string limit, int size, int status)
    {
        await using var server = await TestServer.StartAsync(("Limits:HeaderBytes", limit));
        Assert.Equal(status, (await server.GetRawAsync("/health/live", ("X-Long", new string('x', size)))).Status);
    }

    [Fact]
    public async Task Q_05_checks_so_many_passwords_at_a_time_and_lets_so_many_wait()
    {
        await using var server = await TestServer.StartAsync(("Limits:PasswordChecks", "1"));
        var queue = server.App.Services.GetRequiredService<PasswordQueue>();
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        var turn = await queue.EnterAsync(TestContext.Current.CancellationToken);
        var waiting = Enumerable.Range(0, 64).Select(_ => queue.EnterAsync(TestContext.Current.CancellationToken).AsTask()).ToList();
        Assert.DoesNotContain(waiting, next => next.IsCompleted);
        await browser.SignInAsync();
        await browser.Response.AssertPageAsync(429);

        turn.Dispose();
        foreach (var next in waiting)
            (await next).Dispose();
        await browser.SignInAsync();
        Assert.Equal("/", browser.Location.AbsolutePath);
    }

    [Fact]
    public async Task Refuses_a_form_of_more_keys_than_configured()
    {
        await using var server = await TestServer.StartAsync(("Limits:FormKeys", "5"));
        using var client = await TestClient.RegisterAsync(server);
        static Dictionary<string, string?> Form(int keys) => Enumerable.Range(0, keys).ToDictionary(key => $"k{key}", _ => (string?)"x");
        var fits = await (await client.PostAsync("/token", Form(5))).JsonAsync();
        Assert.Equal("grant_type is required.", (string?)fits["error_description"]);
        using var refused = await client.PostAsync("/token", Form(6));
        await refused.AssertErrorAsync(400, "invalid_request");
        Assert.Equal("The form is malformed.", (string?)(await refused.JsonAsync())["error_description"]);
    }

    [Fact]
    public async Task Takes_a_form_of_any_number_of_keys_where_switched_off()
    {
        await using var server = await TestServer.StartAsync(("Limits:FormKeys", "0"));
        using var client = await TestClient.RegisterAsync(server);
        var answer = await (
            await client.PostAsync("/token", Enumerable.Range(0, 1500).ToDictionary(key => $"k{key}", _ => (string?)"x"))
        ).JsonAsync();
        Assert.Equal("grant_type is required.", (string?)answer["error_description"]);
    }

    [Fact]
    public async Task Q_05_slows_down_who_guesses_secrets()
    {
        await using var server = await TestServer.StartAsync([.. Proxied, ("Limits:FailedClientsPerMinute", "3")]);
        using var good = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", (JsonNode)"client_secret_post"));
        using var guesser = new TestClient(server, good.Id, "wrong", "client_secret_post");
        var code = await good.CodeAsync();
        for (var guess = 0; guess < 3; guess++)
            await (await guesser.RefreshAsync("x")).AssertErrorAsync(401, "invalid_client");
        foreach (var refused in new[] { await guesser.RefreshAsync("x"), await guesser.RevokeAsync("x"), await good.ExchangeAsync(code) })
        {
            await refused.AssertErrorAsync(429, "too_many_requests");
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        }

        // The code was not looked at: from another peer, or later, the good client gets its tokens.
        good.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1");
        Assert.Equal(HttpStatusCode.OK, (await good.ExchangeAsync(code)).StatusCode);
    }

    [Fact]
    public async Task Q_05_guesses_are_free_where_switched_off()
    {
        await using var server = await TestServer.StartAsync(("Limits:FailedClientsPerMinute", "0"), ("Limits:TokenPerMinute", "0"));
        using var guesser = new TestClient(server, "cli_unknown", "wrong", "client_secret_post");
        for (var guess = 0; guess < 1000; guess++)
            await (await guesser.RefreshAsync("x")).AssertErrorAsync(401, "invalid_client");
    }

    [Fact]
    public async Task A_loop_on_a_dead_refresh_token_keeps_nobody_from_a_code()
    {
        await using var server = await TestServer.StartAsync(("Limits:TokenPerMinute", "2"));
        using var client = await TestClient.RegisterAsync(server);
        for (var attempt = 0; attempt < 2; attempt++)
            await (await client.RefreshAsync("dead")).AssertErrorAsync(400, "invalid_grant");
        await (await client.RefreshAsync("dead")).AssertErrorAsync(429, "too_many_requests");
        var (access, _) = await client.SignInAsync();
        Assert.True(await server.AcceptsAsync(access));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public async Task Q_07_counts_by_the_peer_that_a_trusted_proxy_names(string first, string second, bool isSame)
    {
        await using var server = await TestServer.StartAsync([.. Proxied, ("Limits:AuthorizePerMinute", "1")]);
        Assert.Equal(400, (await server.GetRawAsync("/authorize", ("X-Forwarded-For", first))).Status);
        Assert.Equal(429, (await server.GetRawAsync("/authorize", ("X-Forwarded-For", first))).Status);
        Assert.Equal(isSame ? 429 : 400, (await server.GetRawAsync("/authorize", ("X-Forwarded-For", second))).Status);
    }

    [Fact]
    public async Task Q_07_a_stranger_names_no_peer()
    {
        await using var server = await TestServer.StartAsync(("Limits:AuthorizePerMinute", "1"));
        Assert.Equal(400, (await server.GetRawAsync("/authorize", ("X-Forwarded-For", "192.0.2.1"))).Status);
        Assert.Equal(429, (await server.GetRawAsync("/authorize", ("X-Forwarded-For", "192.0.2.2"))).Status);
    }

    private static async Task<HttpStatusCode> StatusAsync(TestServer server, string path, int size)
    {
        if (path == "/mcp")
        {
            using var client = await TestClient.RegisterAsync(server);
            using var called = await server.PostMcpAsync((await client.SignInAsync()).Access, McpRequests.Initialize.PadRight(size));
            return called.StatusCode;
        }

        using var http = server.Http();
        using var response = await http.PostAsync(
            path,
            new StringContent("a=".PadRight(size, 'a'), Encoding.ASCII, "application/x-www-form-urlencoded"),
            TestContext.Current.CancellationToken
        );
        return response.StatusCode;
    }
}
