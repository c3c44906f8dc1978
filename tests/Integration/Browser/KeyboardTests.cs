using System.Text.Json.Nodes;
using Microsoft.Playwright;
using OAuthMcp.Integration.Hosting;
using static Microsoft.Playwright.Assertions;

namespace OAuthMcp.Integration.Browser;

/// <summary>A person who uses no mouse signs in and decides.</summary>
public sealed class KeyboardTests(SharedServer shared, Chromium chromium) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("Allow", "code")]
    [InlineData("Deny", "error")]
    public async Task Signs_in_and_decides_with_Tab_and_Enter(string decision, string parameter)
    {
        await using var callback = await Callback.StartAsync();
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(callback.RedirectUri)));
        await using var window = await chromium.OpenAsync(server);
        await window.OpenAsync(client.AuthorizationUrl(("redirect_uri", callback.RedirectUri)));
        await Expect(window.Page.Locator("[name=username]")).ToBeFocusedAsync();
        await window.Page.Keyboard.TypeAsync("alice");
        await TabToAsync(window, window.Page.Locator("[name=password]"));
        await window.Page.Keyboard.TypeAsync(TestServer.Password);
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Button(decision)).ToBeVisibleAsync();
        await TabToAsync(window, window.Button(decision));
        await window.Page.Keyboard.PressAsync("Enter");
        Assert.True((await callback.NextAsync()).Parameters.ContainsKey(parameter));
    }

    [Fact]
    public async Task Enter_anywhere_in_the_question_does_not_allow()
    {
        await using var callback = await Callback.StartAsync();
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(callback.RedirectUri)));
        await using var window = await chromium.OpenAsync(server);
        await window.AskAsync(client.AuthorizationUrl(("redirect_uri", callback.RedirectUri)));
        await window.Page.GetByRole(AriaRole.Checkbox).FocusAsync();
        await window.Page.Keyboard.PressAsync("Space");
        await Expect(window.Page.GetByRole(AriaRole.Checkbox)).Not.ToBeCheckedAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("access_denied", (await callback.NextAsync()).Parameters["error"]);
    }

    /// <summary>Presses Tab until the control has the focus; no page has more than a few.</summary>
    private static async Task TabToAsync(ChromiumWindow window, ILocator control)
    {
        for (var presses = 0; presses < 12; presses++)
        {
            if (await control.EvaluateAsync<bool>("control => control === document.activeElement"))
                return;
            await window.Page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"Tab does not lead to {control}.");
    }
}
