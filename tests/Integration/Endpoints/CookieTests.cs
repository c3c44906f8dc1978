using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Api.Pages;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>The three cookies of the pages: browser, anti-forgery and session.</summary>
public sealed class CookieTests
{
    [Fact]
    public async Task C_17_guards_every_cookie_behind_https()
    {
        await using var server = await TestServer.StartAsync(TestServer.BehindProxy);
        var cookies = await SignInAsync(server);
        Assert.Equal(["__Host-oauthmcp-browser", "__Host-oauthmcp-csrf", "__Host-oauthmcp-session"], cookies.Select(NameOf).Order());
        foreach (var attributes in cookies.Select(AttributesOf))
            Assert.Equal(["httponly", "path=/", "samesite=lax", "secure"], attributes);
    }

    [Fact]
    public async Task C_17_guards_the_cookie_between_password_and_code_too()
    {
        await using var server = await TestServer.StartAsync(TestServer.BehindProxy);
        await using (var scope = server.App.Services.CreateAsyncScope())
        {
            var (factors, ct) = (scope.ServiceProvider.GetRequiredService<ISecondFactors>(), TestContext.Current.CancellationToken);
            var alice = (await scope.ServiceProvider.GetRequiredService<IAccountAdministration>().ListAsync(ct))
                .First(account => account.UserName == "alice")
                .Subject;
            await factors.ProposeAsync(alice, AuthenticatorKey.Generate(), ct);
            Assert.True(await factors.TryTurnOnAsync(alice, 0, [], ct));
        }

        var cookie = (await SignInAsync(server, "signin/code"))[^1];
        Assert.Equal("__Host-oauthmcp-firststep", NameOf(cookie));
        Assert.Equal(["httponly", "path=/", "samesite=lax", "secure"], AttributesOf(cookie));
    }

    [Fact]
    public async Task C_17_leaves_Secure_and_the_prefix_away_on_loopback_http()
    {
        await using var server = await TestServer.StartAsync();
        var cookies = await SignInAsync(server);
        Assert.Equal(["oauthmcp-browser", "oauthmcp-csrf", "oauthmcp-session"], cookies.Select(NameOf).Order());
        foreach (var attributes in cookies.Select(AttributesOf))
            Assert.Equal(["httponly", "path=/", "samesite=lax"], attributes);
    }

    [Fact]
    public async Task H_01_asks_for_https_only_where_there_is_https()
    {
        await using var secure = await TestServer.StartAsync(("OAuth:PublicUrl", "https://mcp.example"));
        await using var plain = await TestServer.StartAsync();
        foreach (var path in new[] { "/signin", "/authorize", "/.well-known/oauth-authorization-server", "/nowhere" })
        {
            Assert.Contains(
                "max-age=31536000",
                (await secure.GetRawAsync(path)).Header("Strict-Transport-Security"),
                StringComparison.Ordinal
            );
            Assert.Null((await plain.GetRawAsync(path)).Header("Strict-Transport-Security"));
        }
    }

    // By hand, since a browser keeps a Secure cookie to itself on the plain http that a proxy speaks to the server.
    private static async Task<List<string>> SignInAsync(TestServer server, string next = "consent")
    {
        using var client = await TestClient.RegisterAsync(server);
        using var started = await client.Http.GetAsync(client.AuthorizationUrl(("resource", null)), TestContext.Current.CancellationToken);
        started.AssertAccepted();
        var cookies = started.Headers.GetValues("Set-Cookie").ToList();

        using var request = new HttpRequestMessage(HttpMethod.Get, started.Headers.Location);
        request.Headers.Add("Cookie", string.Join("; ", cookies.Select(PairOf)));
        using var asked = await client.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var page = await asked.AssertPageAsync(200);
        cookies.AddRange(asked.Headers.GetValues("Set-Cookie"));

        using var post = new HttpRequestMessage(HttpMethod.Post, started.Headers.Location);
        post.Headers.Add("Cookie", string.Join("; ", cookies.Select(PairOf)));
        var fields = page.Forms[0]
            .QuerySelectorAll("input[type=hidden]")
            .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!);
        post.Content = new FormUrlEncodedContent(fields.Append(new("username", "alice")).Append(new("password", TestServer.Password)));
        using var signedIn = await client.Http.SendAsync(post, TestContext.Current.CancellationToken);
        signedIn.AssertAccepted(next);
        return [.. cookies, .. signedIn.Headers.GetValues("Set-Cookie")];
    }

    private static string PairOf(string cookie) => cookie.Split(';')[0];

    private static string NameOf(string cookie) => cookie.Split('=')[0];

    private static IEnumerable<string> AttributesOf(string cookie) =>
        cookie.Split(';').Skip(1).Select(attribute => attribute.Trim().ToLowerInvariant()).Order();
}
