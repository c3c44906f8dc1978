using System.Net;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Audit;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>The pages of the administration: for whom they are, and what their acts do at once.</summary>
public sealed class AdministrationTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync(("Accounts:Administrators:0", "Alice"));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("/admin")]
    [InlineData("/admin/user?name=bob")]
    [InlineData("/admin/clients")]
    [InlineData("/admin/grants")]
    [InlineData("/admin/audit")]
    [InlineData("/admin/act?what=disable-user&on=bob")]
    public async Task A_31_shows_itself_to_administrators_alone(string page)
    {
        using var stranger = server.Browser();
        await stranger.OpenAsync(page);
        Assert.Equal("/signin", stranger.Location.AbsolutePath);

        using var other = await SignedInAsync("bob");
        await other.OpenAsync(page);
        Assert.Equal(HttpStatusCode.Forbidden, other.Response.StatusCode);
        Assert.Contains("not for your account", other.Text, StringComparison.Ordinal);

        using var administrator = await SignedInAsync("alice");
        await administrator.OpenAsync(page);
        Assert.Equal(HttpStatusCode.OK, administrator.Response.StatusCode);
    }

    [Fact]
    public async Task A_31_does_nothing_for_anybody_else_and_nothing_without_the_page()
    {
        using var other = await SignedInAsync("bob");
        await other.OpenAsync("/connections");
        await other.PostAsync("/admin/act", ("what", "disable-user"), ("on", "alice"));
        Assert.Equal(HttpStatusCode.Forbidden, other.Response.StatusCode);

        using var administrator = await SignedInAsync("alice");
        await administrator.OpenAsync("/admin/act?what=disable-user&on=bob");
        administrator.Page!.QuerySelector("main input[name=__RequestVerificationToken]")!.Remove();
        await administrator.SubmitAsync("Disable");
        Assert.Equal(HttpStatusCode.BadRequest, administrator.Response.StatusCode);

        await other.OpenAsync("/connections");
        Assert.Equal("/connections", other.Location.AbsolutePath);
        using var again = await SignedInAsync("alice");
    }

    [Fact]
    public async Task A_31_asks_for_a_sign_in_of_just_now()
    {
        using var administrator = await SignedInAsync("alice");
        server.Clock.Advance(TimeSpan.FromMinutes(30));
        await administrator.OpenAsync("/admin");
        Assert.Equal("/signin", administrator.Location.AbsolutePath);
        await administrator.SignInAsync();
        Assert.Equal("/admin", administrator.Location.AbsolutePath);
    }

    [Fact]
    public async Task Disabling_an_account_ends_its_sessions_and_tokens_and_enabling_lets_it_in_again()
    {
        using var client = await TestClient.RegisterAsync(server);
        var access = await AccessOfAsync(client, "bob");
        using var bob = await SignedInAsync("bob");
        using var administrator = await SignedInAsync("alice");

        await ActAsync(administrator, "disable-user", "bob", "Disable");
        Assert.Contains("can no longer sign in", administrator.Text, StringComparison.Ordinal);
        Assert.False(await server.AcceptsAsync(access));
        await bob.OpenAsync("/connections");
        Assert.Equal("/signin", bob.Location.AbsolutePath);
        await bob.SignInAsync("bob");
        Assert.Equal("/signin", bob.Location.AbsolutePath);

        await ActAsync(administrator, "enable-user", "bob", "Enable");
        await bob.SignInAsync("bob");
        Assert.Equal("/connections", bob.Location.AbsolutePath);
        Assert.False(await server.AcceptsAsync(access));

        var disabled = await server.AuditedAsync(happened => happened.Act == "DisableAccount");
        Assert.Equal((AuditWords.Administration, AuditWords.Allowed, "bob"), (disabled.What, disabled.Decision, disabled.Name));
        Assert.Equal(await SubjectAsync("alice"), disabled.Actor);
    }

    [Fact]
    public async Task Revoking_a_grant_refuses_its_tokens_and_no_others()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var kept = await TestClient.RegisterAsync(server);
        var (access, other) = (await AccessOfAsync(client, "bob"), await AccessOfAsync(kept, "bob"));
        using var administrator = await SignedInAsync("alice");
        await administrator.OpenAsync($"/admin/grants?user=bob&client={client.Id}");
        await administrator.OpenAsync(administrator.Page!.QuerySelector(".rows a.button")!.GetAttribute("href")!);
        await administrator.SubmitAsync("Revoke");
        Assert.Contains("Its tokens are refused", administrator.Text, StringComparison.Ordinal);
        Assert.False(await server.AcceptsAsync(access));
        Assert.True(await server.AcceptsAsync(other));
    }

    [Fact]
    public async Task Deleting_a_client_refuses_its_tokens()
    {
        using var client = await TestClient.RegisterAsync(server);
        var access = await AccessOfAsync(client, "bob");
        using var administrator = await SignedInAsync("alice");
        await administrator.OpenAsync("/admin/clients");
        Assert.Contains(client.Id, administrator.Text, StringComparison.Ordinal);
        await ActAsync(administrator, "delete-client", client.Id, "Delete");
        Assert.DoesNotContain(client.Id, administrator.Text, StringComparison.Ordinal);
        Assert.False(await server.AcceptsAsync(access));
    }

    [Fact]
    public async Task Deleting_an_account_leaves_nothing_of_it()
    {
        using var administrator = await SignedInAsync("alice");
        await ActAsync(administrator, "delete-user", "bob", "Delete");
        await administrator.OpenAsync("/admin/user?name=bob");
        Assert.Contains("There is no account of that name.", administrator.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disable-user")]
    [InlineData("delete-user")]
    [InlineData("reset-factors")]
    public async Task Nobody_takes_their_own_account_away(string act)
    {
        using var administrator = await SignedInAsync("alice");
        await administrator.OpenAsync("/admin/user?name=alice");
        Assert.Empty(administrator.Page!.QuerySelectorAll("main .actions a"));
        await ActAsync(administrator, act, "ALICE", null);
        Assert.Contains("the account that you are signed in with", administrator.Text, StringComparison.Ordinal);
        using var again = await SignedInAsync("alice");
    }

    [Theory]
    [InlineData("/admin/act?what=format-disk&on=bob")]
    [InlineData("/admin/act?what=disable-user")]
    [InlineData("/admin/act")]
    public async Task An_act_that_there_is_not_leads_back(string address)
    {
        using var administrator = await SignedInAsync("alice");
        await administrator.OpenAsync(address);
        Assert.Equal("/admin", administrator.Location.AbsolutePath);
    }

    [Fact]
    public async Task A_refused_sign_in_is_in_the_trail_with_the_name_as_it_was_typed_and_no_markup()
    {
        using var guesser = server.Browser();
        await guesser.OpenAsync("/signin");
        await guesser.SignInAsync("<b>mallory</b>", "guess");
        await server.AuditedAsync(happened => happened.Name == "<b>mallory</b>");
        using var administrator = await SignedInAsync("alice");
        await administrator.OpenAsync("/admin/audit?what=sign_in");
        Assert.Contains("<b>mallory</b>", administrator.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("guess", administrator.Text, StringComparison.Ordinal);
        await administrator.OpenAsync("/admin/audit?what=breakfast");
        Assert.Contains("What happened is one of", administrator.Text, StringComparison.Ordinal);
    }

    private async Task<TestBrowser> SignedInAsync(string userName)
    {
        var browser = server.Browser();
        await browser.OpenAsync("/connections");
        await browser.SignInAsync(userName);
        Assert.Equal("/connections", browser.Location.AbsolutePath);
        return browser;
    }

    private static async Task ActAsync(TestBrowser administrator, string act, string on, string? button)
    {
        await administrator.OpenAsync($"/admin/act?what={act}&on={Uri.EscapeDataString(on)}");
        await administrator.SubmitAsync(button, button is null ? [("on", on)] : []);
        Assert.Equal(HttpStatusCode.OK, administrator.Response.StatusCode);
    }

    private async Task<string> AccessOfAsync(TestClient client, string userName)
    {
        using var browser = server.Browser();
        var callback = await browser.AllowAsync(client.AuthorizationUrl(), userName);
        using var answer = await client.ExchangeAsync(
            Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(callback.Query)["code"].ToString()
        );
        var access = (string)(await answer.JsonAsync())["access_token"]!;
        Assert.True(await server.AcceptsAsync(access));
        return access;
    }

    private Task<string> SubjectAsync(string userName) =>
        server.InDatabaseAsync(db =>
            db.Users.Where(user => user.UserName == userName).Select(user => user.Id).SingleAsync(TestContext.Current.CancellationToken)
        );
}
