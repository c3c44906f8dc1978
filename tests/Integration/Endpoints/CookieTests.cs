using OAuthMcp.Api.Pages;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>The cookies of the pages: browser, anti-forgery, session and device.</summary>
public sealed class CookieTests
{
    [Fact]
    public async Task C_17_guards_every_cookie_behind_https()
    {
        await using var server = await TestServer.StartAsync(TestServer.BehindProxy);
        var cookies = await SignInAsync(server);
        Assert.Equal(
            ["__Host-oauthmcp-browser", "__Host-oauthmcp-csrf", "__Host-oauthmcp-device", "__Host-oauthmcp-session"],
            cookies.Select(NameOf).Order()
        );
        foreach (var attributes in cookies.Select(AttributesOf))
            Assert.Equal(["httponly", "path=/", "samesite=lax", "secure"], attributes);
    }

    [Fact]
    public async Task C_17_guards_the_cookie_between_password_and_code_too()
    {
        await using var server = await TestServer.StartAsync(TestServer.BehindProxy);
        await server.TurnSecondFactorOnAsync("alice");
        var cookie = (await SignInAsync(server, "signin/code"))[^1];
        Assert.Equal("__Host-oauthmcp-firststep", NameOf(cookie));
        Assert.Equal(["httponly", "path=/", "samesite=lax", "secure"], AttributesOf(cookie));
    }

    [Fact]
    public async Task C_17_leaves_Secure_and_the_prefix_away_on_loopback_http()
    {
        await using var server = await TestServer.StartAsync();
        var cookies = await SignInAsync(server);
        Assert.Equal(new[] { "browser", "csrf", "device", "session" }.Select(server.CookieName), cookies.Select(NameOf).Order());
        foreach (var attributes in cookies.Select(AttributesOf))
            Assert.Equal(["httponly", "path=/", "samesite=lax"], attributes);
    }

    [Fact]
    public async Task K_55_two_servers_on_one_machine_leave_each_other_their_sessions_and_open_forms()
    {
        await using var server = await TestServer.StartAsync();
        await using var other = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        using var browser = BrowserSteps.At(server.Address, other.Address);
        await browser.OpenAsync(client.AuthorizationUrl());
        await browser.SignInAsync();
        var form = browser.Form(("decision", "allow"));

        using var otherClient = await TestClient.RegisterAsync(other);
        await browser.OpenAsync(other.Issuer + otherClient.AuthorizationUrl());
        await browser.SignInAsync("bob");
        Assert.Contains("Signed in as bob", browser.Text, StringComparison.Ordinal);
        using var answer = await server.PostFormAsync("/consent", form, browser.Cookies);
        Assert.StartsWith(TestClient.RedirectUri + "?code=", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
        await browser.OpenAsync(server.Issuer + "/");
        Assert.Contains("Signed in as alice", browser.Text, StringComparison.Ordinal);
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

    // But for when it ends: the one that knows the browser outlives the others.
    private static IEnumerable<string> AttributesOf(string cookie) =>
        cookie
            .Split(';')
            .Skip(1)
            .Select(attribute => attribute.Trim().ToLowerInvariant())
            .Where(attribute => !attribute.StartsWith("expires=", StringComparison.Ordinal))
            .Order();
}
