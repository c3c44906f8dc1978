using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>A browser's session ends with what it rests on.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task R_11_a_new_password_ends_every_session()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = await SignedInAsync(server);
        await using (var scope = server.App.Services.CreateAsyncScope())
            Assert.Null(
                (
                    await scope
                        .ServiceProvider.GetRequiredService<IAccounts>()
                        .SetPasswordAsync("alice", new Secret("another long password"), null, TestContext.Current.CancellationToken)
                ).Error
            );
        await browser.OpenAsync("/");
        Assert.DoesNotContain("Signed in as", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T_21_disabling_a_user_ends_every_session()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = await SignedInAsync(server);
        await server.DisableUserAsync("alice");
        using var client = await TestClient.RegisterAsync(server);
        await browser.OpenAsync(client.AuthorizationUrl());
        Assert.NotNull(browser.Page!.QuerySelector("[name=password]"));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_in_every_copy_of_its_cookie_and_no_other_session()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = await SignedInAsync(server);
        using var elsewhere = await SignedInAsync(server);
        var (copy, form) = (browser.Cookies.ToList(), browser.Form());
        await browser.SubmitAsync("Sign out");
        using (var replayed = await server.PostFormAsync("/connections", form, copy))
            Assert.Equal("/signin?then=connections", replayed.Headers.Location?.OriginalString);
        await elsewhere.OpenAsync("/");
        Assert.Contains("Signed in as", elsewhere.Text, StringComparison.Ordinal);
        await browser.OpenAsync("/signin");
        Assert.Equal("/", (await browser.SignInAsync()).Location.AbsolutePath);
        Assert.Contains("Signed in as", browser.Text, StringComparison.Ordinal);
    }

    private static async Task<TestBrowser> SignedInAsync(TestServer server)
    {
        var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync();
        Assert.Contains("Signed in as", browser.Text, StringComparison.Ordinal);
        return browser;
    }
}
