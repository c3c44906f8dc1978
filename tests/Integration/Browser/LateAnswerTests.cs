using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;
using static Microsoft.Playwright.Assertions;

namespace OAuthMcp.Integration.Browser;

/// <summary>
/// Pages that their reader left open for too long, and passwords tried too often: each on a server of its own, whose clock moves.
/// </summary>
public sealed class LateAnswerTests(Chromium chromium)
{
    [Fact]
    public async Task An_answer_after_ten_minutes_gets_a_page_and_the_client_nothing()
    {
        await using var server = await TestServer.StartAsync();
        await using var callback = await Callback.StartAsync();
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(callback.RedirectUri)));
        await using var window = await chromium.OpenAsync(server);
        await window.AskAsync(client.AuthorizationUrl(("redirect_uri", callback.RedirectUri)));
        server.Clock.Advance(TimeSpan.FromMinutes(11));
        await window.PressAsync("Allow");
        await Expect(window.Heading).ToHaveTextAsync("This did not work");
        await Expect(window.Page.GetByText("This sign-in has expired.")).ToBeVisibleAsync();
        Assert.Equal(0, callback.Waiting);
    }

    [Fact]
    public async Task C_18_locks_after_ten_wrong_passwords_and_opens_after_five_minutes()
    {
        await using var server = await TestServer.StartAsync();
        using (var guesser = server.Browser())
        {
            await guesser.OpenAsync("/signin");
            for (var attempt = 1; attempt < 10; attempt++)
                await guesser.SignInAsync("alice", "wrong");
        }

        await using var window = await chromium.OpenAsync(server);
        await window.OpenAsync("/signin");
        await window.SignInAsync("alice", "wrong");
        await Expect(window.Alert).ToHaveTextAsync("Wrong user name or password.");
        await window.SignInAsync();
        await Expect(window.Alert).ToContainTextAsync("Too many attempts.");
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        await window.SignInAsync();
        await Expect(window.Button("Sign out")).ToBeVisibleAsync();
        Assert.Empty(window.Complaints);
    }
}
