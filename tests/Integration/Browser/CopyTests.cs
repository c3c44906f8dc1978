using OAuthMcp.Integration.Hosting;
using static Microsoft.Playwright.Assertions;

namespace OAuthMcp.Integration.Browser;

/// <summary>The buttons that copy: there where they work, and nowhere else.</summary>
public sealed class CopyTests(PageServer pages, Chromium chromium) : IClassFixture<PageServer>
{
    [Fact]
    public async Task Copies_the_address_and_says_so()
    {
        await using var window = await chromium.OpenAsync(pages.Server, new() { Permissions = ["clipboard-read", "clipboard-write"] });
        await window.OpenAsync("/");
        await window.Button("Copy").First.ClickAsync();
        await Expect(window.Page.GetByText("Copied").First).ToBeVisibleAsync();
        Assert.Equal(pages.Server.Resource, await window.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
    }

    [Fact]
    public async Task Shows_no_button_without_a_script()
    {
        await using var window = await chromium.OpenAsync(pages.Server, new() { JavaScriptEnabled = false });
        await window.OpenAsync("/");
        await Expect(window.Page.Locator("button[data-copy]").First).ToBeHiddenAsync();
        await Expect(window.Page.Locator("#url")).ToHaveTextAsync(pages.Server.Resource);
    }
}
