using System.Net;
using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;
using static Microsoft.Playwright.Assertions;

namespace OAuthMcp.Integration.Browser;

/// <summary>From a client's authorization URL to the client, as a person with Chromium goes.</summary>
public sealed class WalkTests(SharedServer shared, Chromium chromium) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leads_through_sign_in_and_consent_back_to_the_client_with_and_without_script(bool script)
    {
        await using var callback = await Callback.StartAsync();
        using var client = await RegisterAsync(callback);
        await using var window = await chromium.OpenAsync(server, new() { JavaScriptEnabled = script });
        await window.AskAsync(AuthorizationUrl(client, callback));
        await window.PressAsync("Allow");
        var answer = await callback.NextAsync();
        Assert.Equal(("the-state", server.Issuer), (answer.Parameters["state"].ToString(), answer.Parameters["iss"].ToString()));
        Assert.Null(answer.Referrer);

        using var exchange = await client.ExchangeAsync(answer.Code, ("redirect_uri", callback.RedirectUri));
        Assert.Equal(HttpStatusCode.OK, exchange.StatusCode);
        Assert.True(await server.AcceptsAsync((string)(await exchange.JsonAsync())["access_token"]!));
        await Expect(window.Page).ToHaveTitleAsync("Done");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task C_20_tells_the_client_that_its_user_denied()
    {
        await using var callback = await Callback.StartAsync();
        await using var window = await AskAsync(callback);
        await window.PressAsync("Deny");
        var answer = await callback.NextAsync();
        Assert.Equal(("access_denied", "the-state"), (answer.Parameters["error"].ToString(), answer.Parameters["state"].ToString()));
        Assert.False(answer.Parameters.ContainsKey("code"));
    }

    [Fact]
    public async Task C_18_says_that_the_password_was_wrong_and_then_lets_in()
    {
        await using var callback = await Callback.StartAsync();
        using var client = await RegisterAsync(callback);
        await using var window = await chromium.OpenAsync(server);
        await window.OpenAsync(AuthorizationUrl(client, callback));
        await window.SignInAsync("bob", "wrong");
        await Expect(window.Alert).ToHaveTextAsync("Wrong user name or password.");
        await Expect(window.Page.Locator("[name=username]")).ToHaveValueAsync("bob");
        await Expect(window.Page.Locator("[name=password]")).ToHaveValueAsync("");
        await window.SignInAsync("bob");
        await window.PressAsync("Allow");
        Assert.NotEmpty((await callback.NextAsync()).Code);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Asks_for_the_name_and_the_password_before_it_sends_anything()
    {
        await using var window = await chromium.OpenAsync(server);
        await window.OpenAsync("/signin");
        await window.PressAsync("Sign in");
        await Expect(window.Page.Locator("[name=username]:invalid")).ToBeFocusedAsync();
        Assert.DoesNotContain(window.Requests, request => request.Method == "POST");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/signout")]
    public async Task Signs_out(string page)
    {
        await using var window = await chromium.OpenAsync(server);
        await window.SignInAtHomeAsync();
        await window.OpenAsync(page);
        await window.PressAsync("Sign out");
        await Expect(window.Page).ToHaveURLAsync(server.Issuer + "/");
        await Expect(window.Button("Sign out")).ToHaveCountAsync(0);
        Assert.Empty(window.Complaints);
    }

    // As two clients do that start together, each with a tab of its own.
    [Fact]
    public async Task Opens_on_the_password_when_only_that_was_wrong_and_says_so_to_who_hears_the_page()
    {
        await using var window = await chromium.OpenAsync(server);
        await window.OpenAsync("/signin");
        await window.SignInAsync("alice", "wrong");
        var password = window.Page.Locator("[name=password]");
        await Expect(password).ToBeFocusedAsync();
        await Expect(password).ToHaveAccessibleDescriptionAsync("Wrong user name or password.");
    }

    private static string AuthorizationUrl(TestClient client, Callback callback) =>
        client.AuthorizationUrl(("redirect_uri", callback.RedirectUri));

    private Task<TestClient> RegisterAsync(Callback callback) =>
        TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(callback.RedirectUri)));

    private async Task<ChromiumWindow> AskAsync(Callback callback)
    {
        using var client = await RegisterAsync(callback);
        var window = await chromium.OpenAsync(server);
        await window.AskAsync(AuthorizationUrl(client, callback));
        return window;
    }
}
