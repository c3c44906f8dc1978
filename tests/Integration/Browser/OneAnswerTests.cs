using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;
using static Microsoft.Playwright.Assertions;

namespace OAuthMcp.Integration.Browser;

/// <summary>One question, answered once: clicked twice, in two tabs, by somebody else, or after its user has gone.</summary>
public sealed class OneAnswerTests(SharedServer shared, Chromium chromium) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Fact]
    public async Task C_21_gives_one_code_for_a_double_click()
    {
        await using var callback = await Callback.StartAsync();
        await using var window = await AskAsync(callback);
        var before = await server.RowsAsync();
        await window.Button("Allow").DblClickAsync();
        // Chromium sends the form once, or, when it is slow, twice: both lead to the client.
        await Expect(window.Page).ToHaveTitleAsync("Done");
        Assert.Equal(before.Codes + 1, (await server.RowsAsync()).Codes);
    }

    [Fact]
    public async Task C_21_gives_one_code_to_who_clicks_again_while_the_client_takes_its_time()
    {
        var patience = new TaskCompletionSource();
        await using var callback = await Callback.StartAsync(ready: patience.Task);
        await using var window = await AskAsync(callback);
        var before = await server.RowsAsync();
        await window.Button("Allow").FocusAsync();
        await window.Page.Keyboard.PressAsync("Enter").WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken);
        var first = await callback.NextAsync();
        await window.Page.Keyboard.PressAsync("Enter").WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(first.Code, (await callback.NextAsync()).Code);
        patience.SetResult();
        Assert.Equal(before.Codes + 1, (await server.RowsAsync()).Codes);
    }

    [Fact]
    public async Task C_21_takes_one_answer_from_two_tabs_with_the_same_question()
    {
        await using var callback = await Callback.StartAsync();
        await using var window = await AskAsync(callback);
        await using var tab = await window.OpenTabAsync(window.Page.Url);
        await window.PressAsync("Allow");
        var first = await callback.NextAsync();
        await tab.PressAsync("Allow");
        Assert.Equal(first.Code, (await callback.NextAsync()).Code);
    }

    [Fact]
    public async Task C_22_takes_an_answer_to_each_of_two_open_questions()
    {
        await using var callback = await Callback.StartAsync();
        await using var other = await Callback.StartAsync();
        using var otherClient = await RegisterAsync(other);
        await using var window = await AskAsync(callback);
        await using var tab = await window.OpenTabAsync(AuthorizationUrl(otherClient, other));
        await window.PressAsync("Allow");
        await tab.PressAsync("Allow");
        Assert.NotEmpty((await callback.NextAsync()).Code);
        Assert.NotEmpty((await other.NextAsync()).Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("bob")]
    public async Task C_04_shows_a_question_to_no_other_browser(string? thief)
    {
        await using var callback = await Callback.StartAsync();
        await using var window = await AskAsync(callback);
        await using var stolen = await chromium.OpenAsync(server);
        if (thief is not null)
            await stolen.SignInAtHomeAsync(thief);
        var refused = await stolen.OpenAsync(window.Page.Url);
        Assert.Equal(403, refused.Status);
        await Expect(stolen.Button("Allow")).ToHaveCountAsync(0);
        await window.PressAsync("Allow");
        Assert.NotEmpty((await callback.NextAsync()).Code);
    }

    [Fact]
    public async Task Not_you_leads_to_the_same_question_for_another_account()
    {
        await using var callback = await Callback.StartAsync();
        await using var window = await AskAsync(callback);
        await Expect(window.Page.GetByText("Signed in as alice")).ToBeVisibleAsync();
        await window.PressAsync("Not you? Use another account");
        await window.SignInAsync("bob");
        await Expect(window.Page.GetByText("Signed in as bob")).ToBeVisibleAsync();
        await window.PressAsync("Allow");
        Assert.NotEmpty((await callback.NextAsync()).Code);
    }

    [Fact]
    public async Task A_question_left_open_while_its_user_signed_out_is_not_answered()
    {
        await using var callback = await Callback.StartAsync();
        await using var window = await AskAsync(callback);
        await using var tab = await window.OpenTabAsync("/signout");
        await tab.PressAsync("Sign out");
        await Expect(tab.Page).ToHaveURLAsync(server.Issuer + "/");
        await window.PressAsync("Allow");
        await Expect(window.Page.GetByText("Nothing was done.")).ToBeVisibleAsync();
        Assert.Equal(0, callback.Waiting);
        await window.Page.GetByText("go on from here").ClickAsync();
        await window.SignInAsync("bob");
        await Expect(window.Page.GetByText("Signed in as bob")).ToBeVisibleAsync();
        await window.PressAsync("Allow");
        Assert.NotEmpty((await callback.NextAsync()).Code);
    }

    [Fact]
    public async Task C_22_who_signed_in_in_one_tab_goes_on_in_the_other_without_a_second_password()
    {
        await using var callback = await Callback.StartAsync();
        await using var other = await Callback.StartAsync();
        using var client = await RegisterAsync(callback);
        using var otherClient = await RegisterAsync(other);
        await using var window = await chromium.OpenAsync(server);
        await window.OpenAsync(AuthorizationUrl(client, callback));
        await using var tab = await window.OpenTabAsync(AuthorizationUrl(otherClient, other));
        await window.SignInAsync();
        await window.PressAsync("Allow");
        Assert.NotEmpty((await callback.NextAsync()).Code);

        await tab.SignInAsync(); // its form is from before
        await Expect(tab.Page.GetByText("Nothing was done.")).ToBeVisibleAsync();
        await tab.Page.GetByText("go on from here").ClickAsync();
        await tab.PressAsync("Allow");
        Assert.NotEmpty((await other.NextAsync()).Code);
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
