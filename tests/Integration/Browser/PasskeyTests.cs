using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;
using static Microsoft.Playwright.Assertions;

namespace OAuthMcp.Integration.Browser;

/// <summary>Passkeys, with the virtual authenticator of Chromium in the place of a person's own.</summary>
public sealed class PasskeyTests(SharedServer shared, Chromium chromium) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Fact]
    public async Task A_passkey_that_was_added_signs_in_to_a_client_without_a_password_until_it_is_removed()
    {
        await using var callback = await Callback.StartAsync();
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(callback.RedirectUri)));
        await using var window = await chromium.OpenAsync(server);
        await window.AddAuthenticatorAsync();
        await AddPasskeyAsync(window, "alice", "My laptop");
        await window.PressAsync("Sign out");

        await window.OpenAsync(client.AuthorizationUrl(("redirect_uri", callback.RedirectUri)));
        await window.PressAsync("Sign in with a passkey");
        await Expect(window.Page.GetByText("Signed in as alice")).ToBeVisibleAsync();
        await window.PressAsync("Allow");
        Assert.NotEmpty((await callback.NextAsync()).Code);

        await window.OpenAsync("/account");
        await window.FollowAsync("Remove My laptop");
        await window.PressAsync("Remove");
        await Expect(window.Page.GetByText("The passkey is removed")).ToBeVisibleAsync();
        await window.PressAsync("Sign out");
        await window.OpenAsync("/signin");
        await window.PressAsync("Sign in with a passkey");
        await Expect(window.Alert).ToContainTextAsync("That passkey did not work.");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Several_passkeys_are_told_apart_by_name_and_each_leads_to_its_account()
    {
        await using var alices = await chromium.OpenAsync(server);
        await alices.AddAuthenticatorAsync();
        await AddPasskeyAsync(alices, "alice", "Phone <b>&</b> watch");
        await using var bobs = await chromium.OpenAsync(server);
        await bobs.AddAuthenticatorAsync();
        await AddPasskeyAsync(bobs, "bob", "Key ring");
        await Expect(bobs.Link("Remove Phone <b>&</b> watch")).ToHaveCountAsync(0);
        foreach (var (window, name) in new[] { (alices, "alice"), (bobs, "bob") })
        {
            await window.PressAsync("Sign out");
            await window.OpenAsync("/signin");
            await window.PressAsync("Sign in with a passkey");
            await Expect(window.Page.GetByText($"Signed in as {name}")).ToBeVisibleAsync();
        }
    }

    // As a person who cancels, or whose finger is not recognised.
    [Fact]
    public async Task Who_is_not_verified_by_the_authenticator_is_told_and_stays_out()
    {
        await using var window = await chromium.OpenAsync(server);
        await window.AddAuthenticatorAsync(verifiesUser: false);
        await window.OpenAsync("/signin");
        await window.PressAsync("Sign in with a passkey");
        await Expect(window.Alert).ToContainTextAsync("That passkey did not work.");
        await Expect(window.Page).ToHaveURLAsync(server.Issuer + "/signin");
        await window.SignInAsync();
        await Expect(window.Page.GetByText("Signed in as alice")).ToBeVisibleAsync();
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Without_script_nothing_is_said_of_passkeys_at_the_sign_in()
    {
        await using var window = await chromium.OpenAsync(server, new() { JavaScriptEnabled = false });
        await window.OpenAsync("/signin");
        await Expect(window.Button("Sign in")).ToBeVisibleAsync();
        await Expect(window.Button("Sign in with a passkey")).ToBeHiddenAsync();
    }

    private static async Task AddPasskeyAsync(ChromiumWindow window, string userName, string name)
    {
        await window.SignInAtHomeAsync(userName);
        await window.OpenAsync("/account");
        await window.Page.GetByLabel("Name of the new passkey").FillAsync(name);
        await window.PressAsync("Add a passkey");
        await Expect(window.Page.GetByText("The passkey is added.")).ToBeVisibleAsync();
        await Expect(window.Link($"Remove {name}")).ToBeVisibleAsync();
    }
}
