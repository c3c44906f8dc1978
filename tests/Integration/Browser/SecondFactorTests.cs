using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using OAuthMcp.Integration.Hosting;
using static Microsoft.Playwright.Assertions;

namespace OAuthMcp.Integration.Browser;

/// <summary>An account's password and authenticator app, in the hands of its owner.</summary>
public sealed class SecondFactorTests(Chromium chromium) : IAsyncLifetime
{
    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync();

    [Fact]
    public async Task R_11_a_new_password_ends_other_sessions_and_connections_and_not_this_one()
    {
        const string NewPassword = "another horse battery";
        using var client = await TestClient.RegisterAsync(server);
        var (access, _) = await client.SignInAsync();
        await using var elsewhere = await chromium.OpenAsync(server);
        await elsewhere.SignInAtHomeAsync();
        await using var window = await chromium.OpenAsync(server);
        await window.SignInAtHomeAsync();
        await window.OpenAsync("/account");
        await window.Page.GetByLabel("Current password").FillAsync(TestServer.Password);
        await window.Page.GetByLabel("New password").FillAsync(NewPassword);
        await window.PressAsync("Change password");
        await Expect(window.Page.GetByText("Your password is changed.")).ToBeVisibleAsync();
        Assert.False(await server.AcceptsAsync(access));

        await elsewhere.OpenAsync("/connections");
        await Expect(elsewhere.Heading).ToHaveTextAsync("Sign in");
        await elsewhere.SignInAsync("alice", TestServer.Password);
        await Expect(elsewhere.Alert).ToHaveTextAsync("Wrong user name or password.");
        await elsewhere.SignInAsync("alice", NewPassword);
        await Expect(elsewhere.Heading).ToHaveTextAsync("Connected apps");
        Assert.Empty(window.Complaints);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sign_in_asks_for_the_code_of_an_app_that_was_set_up_with_and_without_script(bool script)
    {
        await using var callback = await Callback.StartAsync();
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(callback.RedirectUri)));
        await using var window = await chromium.OpenAsync(server, new() { JavaScriptEnabled = script });
        var (key, recoveryCodes) = await SetUpAsync(window);

        server.Clock.Advance(TimeSpan.FromSeconds(30));
        await window.OpenAsync(client.AuthorizationUrl(("redirect_uri", callback.RedirectUri)));
        await window.SignInAsync();
        await EnterAsync(window, CodeNow(key) == "000000" ? "000001" : "000000");
        await Expect(window.Alert).ToBeVisibleAsync();
        await EnterAsync(window, CodeNow(key));
        await window.PressAsync("Allow");
        using var exchange = await client.ExchangeAsync((await callback.NextAsync()).Code, ("redirect_uri", callback.RedirectUri));
        Assert.Equal(HttpStatusCode.OK, exchange.StatusCode);

        await using var other = await chromium.OpenAsync(server, new() { JavaScriptEnabled = script });
        await other.OpenAsync("/connections");
        await other.SignInAsync();
        await EnterAsync(other, recoveryCodes[0]);
        await Expect(other.Heading).ToHaveTextAsync("Connected apps");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task The_QR_code_is_black_on_white_whatever_colours_its_reader_forces_on_pages()
    {
        await using var window = await chromium.OpenAsync(
            server,
            new() { ColorScheme = ColorScheme.Dark, ForcedColors = ForcedColors.Active }
        );
        await window.SignInAtHomeAsync();
        await window.OpenAsync("/account/authenticator");
        await Expect(window.Page.Locator("body")).Not.ToHaveCSSAsync("background-color", "rgb(255, 255, 255)");
        await Expect(window.Page.Locator(".qr")).ToHaveCSSAsync("background-color", "rgb(255, 255, 255)");
        await Expect(window.Page.Locator(".qr path")).ToHaveCSSAsync("fill", "rgb(0, 0, 0)");
    }

    [Fact]
    public async Task Recovery_codes_on_paper_say_whose_they_are_and_where()
    {
        await using var window = await chromium.OpenAsync(server);
        await TurnOnAsync(window);
        await window.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(window.Page.GetByText($"Recovery codes of alice at {server.Issuer}")).ToBeVisibleAsync();
        await Expect(window.Page.Locator(".codes code")).ToHaveCountAsync(10);
        await Expect(window.Button("Sign out")).ToBeHiddenAsync();
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    /// <summary>Signs in, sets an app up by the key that the page shows, and signs out.</summary>
    private async Task<(string Key, IReadOnlyList<string> RecoveryCodes)> SetUpAsync(ChromiumWindow window)
    {
        var key = await TurnOnAsync(window);
        var codes = await window.Page.Locator(".codes code").AllInnerTextsAsync();
        await window.PressAsync("Sign out");
        return (key, codes);
    }

    private async Task<string> TurnOnAsync(ChromiumWindow window)
    {
        await window.SignInAtHomeAsync();
        await window.OpenAsync("/account");
        await window.Page.GetByText("Set up an authenticator app").ClickAsync();
        var key = await window.Page.Locator("#key").InnerTextAsync();
        await window.Page.Locator("#code").FillAsync(CodeNow(key));
        await window.PressAsync("Turn on");
        await Expect(window.Heading).ToHaveTextAsync("Keep your recovery codes");
        return key;
    }

    private static async Task EnterAsync(ChromiumWindow window, string code)
    {
        await window.Page.GetByLabel("Code").FillAsync(code);
        await window.PressAsync("Sign in");
    }

    /// <summary>What an authenticator app shows now (RFC 6238), made of the text that a person types into it.</summary>
    private string CodeNow(string key)
    {
        const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(
            key.Where(char.IsAsciiLetterOrDigit)
                .Select(c => Base32.IndexOf(char.ToUpperInvariant(c), StringComparison.Ordinal).ToString("b5", null))
        );
        var secret = bits.Chunk(8).Where(octet => octet.Length == 8).Select(octet => Convert.ToByte(new string(octet), 2)).ToArray();
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, server.Clock.GetUtcNow().ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // RFC 6238 §1.2
        var hash = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        return ((BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue) % 1_000_000).ToString("d6", null);
    }
}
