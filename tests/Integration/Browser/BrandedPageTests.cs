using Microsoft.Playwright;
using OAuthMcp.Integration.Hosting;
using static Microsoft.Playwright.Assertions;

namespace OAuthMcp.Integration.Browser;

/// <summary>A page in an operator's look is as readable and as closed as ours.</summary>
public sealed class BrandedPageTests(BrandedServer branded, Chromium chromium) : IClassFixture<BrandedServer>
{
    [Theory]
    [InlineData("#ffcc00")]
    [InlineData("#c2185b")]
    [InlineData("#808080")]
    [InlineData("#000000")]
    [InlineData("#ffffff")]
    public async Task Everybody_can_read_the_consent_page_in_any_colour(string accentColor)
    {
        await using var server = await TestServer.StartAsync(branded.Keys(accentColor));
        await using var window = await chromium.OpenAsync(server);
        using var client = await TestClient.RegisterAsync(server);
        await window.AskAsync(client.AuthorizationUrl());
        Assert.True(await window.Page.Locator(".logo").EvaluateAsync<bool>("logo => logo.complete && logo.naturalWidth > 0"));
        await Expect(window.Page.Locator("main")).ToHaveCSSAsync("border-top-style", "double");
        await Expect(window.Button("Allow")).ToHaveCSSAsync("background-color", Rgb(accentColor));
        await window.AssertUsableByKeyboardAsync();
        await window.AssertFitsAsync();
        Assert.Empty(window.Complaints);
        await window.AssertAccessibleAsync(ColorScheme.Light, ColorScheme.Dark);
    }

    [Fact]
    public async Task Everybody_can_read_a_wide_page()
    {
        await using var window = await chromium.OpenAsync(branded.Server, language: "de");
        await window.SignInAtHomeAsync();
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = BrandedServer.Name, Exact = true })).ToBeVisibleAsync();
        await window.AssertUsableByKeyboardAsync();
        await window.AssertFitsAsync();
        Assert.Empty(window.Complaints);
        await window.AssertAccessibleAsync(ColorScheme.Light, ColorScheme.Dark);
    }

    [Fact]
    public async Task The_logo_runs_nothing_where_it_is_opened_by_itself()
    {
        await using var window = await chromium.OpenAsync(branded.Server);
        await window.OpenAsync("/logo.svg");
        await Expect(window.Page.Locator("rect")).ToHaveCSSAsync("fill", "rgb(194, 24, 91)");
        Assert.Null(await window.Page.Locator("svg").GetAttributeAsync("data-ran"));
        Assert.Contains(window.Complaints, complaint => complaint.Contains("script", StringComparison.OrdinalIgnoreCase));
    }

    private static string Rgb(string color) =>
        $"rgb({Convert.ToInt32(color[1..3], 16)}, {Convert.ToInt32(color[3..5], 16)}, {Convert.ToInt32(color[5..7], 16)})";
}
