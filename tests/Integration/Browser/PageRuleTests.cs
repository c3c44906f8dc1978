using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using OAuthMcp.Integration.Hosting;
using static Microsoft.Playwright.Assertions;

namespace OAuthMcp.Integration.Browser;

/// <summary>What holds for every page: nobody else is asked or told, nobody else shows it, and everybody can read it.</summary>
public sealed class PageRuleTests(ConfiguredServer configured, Chromium chromium) : IClassFixture<ConfiguredServer>
{
    public static TheoryData<string> Pages => EveryPage.Names;

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_30_asks_nobody_else_and_has_nothing_to_complain_of(string page)
    {
        await using var window = await chromium.OpenAsync(configured.Server);
        await window.OpenAsync(configured, page);
        Assert.All(window.Requests.Where(request => !request.IsNavigationRequest), request => Assert.StartsWith(configured.Server.Issuer + "/", request.Url, StringComparison.Ordinal));
        Assert.Equal("", await window.Page.EvaluateAsync<string>("document.referrer"));
        Assert.Empty(window.Complaints);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Axe_finds_nothing_in_the_light_nor_in_the_dark(string page)
    {
        await using var window = await chromium.OpenAsync(configured.Server, new() { BypassCSP = true }); // for axe alone, which is a script
        await window.OpenAsync(configured, page);
        AssertAccessible(await window.Page.RunAxe());
        await window.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        AssertAccessible(await window.Page.RunAxe(new AxeRunOptions { RunOnly = RunOnlyOptions.Rules("color-contrast") })); // all that colours change
    }

    // 640 CSS pixels are 1280 at 200 %; WCAG 2.2 §1.4.4 and §1.4.10.
    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Fits_a_narrow_screen_and_large_letters(string page)
    {
        await using var window = await chromium.OpenAsync(configured.Server);
        await window.OpenAsync(configured, page);
        foreach (var (width, letters) in new[] { (320, "100%"), (640, "100%"), (640, "200%"), (1280, "200%") })
        {
            await window.Page.SetViewportSizeAsync(width, 800);
            await window.Page.EvaluateAsync("size => document.documentElement.style.fontSize = size", letters);
            Assert.True(await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, $"{page} is wider than {width} pixels with letters of {letters}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Shows_where_the_keyboard_is(string page)
    {
        const string Controls = "a[href], button, input:not([type=hidden]), [tabindex='0']";
        await using var window = await chromium.OpenAsync(configured.Server);
        await window.OpenAsync(configured, page);
        var reached = new HashSet<int>();
        var controls = await window.Page.Locator(Controls).CountAsync();
        for (var presses = 0; reached.Count < controls; presses++)
        {
            Assert.True(presses <= controls, $"Tab reaches {reached.Count} of {controls} controls"); // once more than there are: from the last it leaves the page
            await window.Page.Keyboard.PressAsync("Tab");
            var control = await window.Page.EvaluateAsync<int>("controls => [...document.querySelectorAll(controls)].indexOf(document.activeElement)", Controls);
            if (control < 0) continue;
            reached.Add(control);
            var focused = window.Page.Locator(":focus");
            await Expect(focused).ToHaveCSSAsync("outline-style", "solid");
            await Expect(focused).ToHaveCSSAsync("outline-width", "3px");
            await Expect(focused).ToBeInViewportAsync();
        }
    }

    [Theory]
    [InlineData("sign-in")]
    [InlineData("consent for a program on this computer")]
    [InlineData("refusal")]
    public async Task C_13_is_shown_in_no_frame(string page)
    {
        await using var window = await chromium.OpenAsync(configured.Server);
        await window.OpenAsync(configured, page);
        await using var clickjacker = await StandIn.StartAsync(http =>
        {
            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync(http.Request.Path == "/bait" ? "<p>Click here" : $"<iframe src='{window.Page.Url}'></iframe><iframe src='/bait'></iframe>");
        });
        await using var tab = await window.OpenTabAsync($"http://localhost:{clickjacker.Address.Port}/"); // the same site, so that the cookies go with it
        await Expect(tab.Page.FrameLocator("iframe >> nth=1").GetByText("Click here")).ToBeVisibleAsync();
        Assert.Equal("chrome-error://chromewebdata/", tab.Page.Frames[1].Url);
        Assert.Contains(tab.Complaints, complaint => complaint.Contains("frame", StringComparison.Ordinal));
    }

    private static void AssertAccessible(AxeResult found)
    {
        Assert.NotEmpty(found.Passes);
        Assert.Empty(found.Violations.SelectMany(violation => violation.Nodes, (violation, node) => $"{violation.Id}: {node.Html}"));
    }
}
