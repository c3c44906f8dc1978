using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using OAuthMcp.Integration.Hosting;
using static Microsoft.Playwright.Assertions;

namespace OAuthMcp.Integration.Browser;

/// <summary>What holds for every page: nobody else is asked or told, nobody else shows it, and everybody can read it.</summary>
public sealed class PageRuleTests(PageServer pages, Chromium chromium) : IClassFixture<PageServer>
{
    /// <summary>What is on the page to read or to hear, piece by piece; what is quoted stays as it was written.</summary>
    private const string EveryText = """
        () => {
          const texts = [document.title];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode())
            if (!walker.currentNode.parentElement.closest("code, [lang=en]")) texts.push(walker.currentNode.data.trim());
          for (const element of document.querySelectorAll("[aria-label], [placeholder]"))
            texts.push(element.getAttribute("aria-label"), element.getAttribute("placeholder"));
          return texts.filter(text => text);
        }
        """;

    public static TheoryData<string> Pages => EveryPage.Names;

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_30_asks_nobody_else_and_everybody_can_use_it(string page)
    {
        await using var window = await chromium.OpenAsync(pages.Server);
        await window.OpenAsync(pages, page);
        Assert.All(window.Requests.Where(request => !request.IsNavigationRequest), request =>
            Assert.StartsWith($"http://localhost:{window.Location.Port}/", request.Url, StringComparison.Ordinal)
        );
        Assert.Equal("", await window.Page.EvaluateAsync<string>("document.referrer"));
        await window.AssertUsableByKeyboardAsync();
        await window.AssertFitsAsync();
        Assert.Empty(window.Complaints);
        await window.AssertAccessibleAsync(ColorScheme.Light, ColorScheme.Dark);
    }

    /// <summary>The longer words fit too, and no English one is left.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Everybody_can_use_it_in_German(string page)
    {
        await using var window = await chromium.OpenAsync(pages.Server, language: "de");
        await window.OpenAsync(pages, page);
        await Expect(window.Page.Locator("html")).ToHaveAttributeAsync("lang", "de");
        await window.AssertFitsAsync();
        Assert.Empty(window.Complaints);
        await window.AssertAccessibleAsync(ColorScheme.Light);
        Assert.Empty(window.Words.Foreign.Intersect(await window.Page.EvaluateAsync<string[]>(EveryText)));
    }

    [Theory]
    [InlineData("sign-in")]
    [InlineData("consent for a program on this computer")]
    [InlineData("refusal")]
    public async Task C_13_is_shown_in_no_frame(string page)
    {
        await using var window = await chromium.OpenAsync(pages.Server);
        await window.OpenAsync(pages, page);
        await using var clickjacker = await StandIn.StartAsync(http =>
        {
            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync(
                http.Request.Path == "/bait" ? "<p>Click here" : $"<iframe src='{window.Page.Url}'></iframe><iframe src='/bait'></iframe>"
            );
        });
        // the same site, so that the cookies go with it
        await using var tab = await window.OpenTabAsync($"http://localhost:{clickjacker.Address.Port}/");
        await Expect(tab.Page.FrameLocator("iframe >> nth=1").GetByText("Click here")).ToBeVisibleAsync();
        Assert.Equal("chrome-error://chromewebdata/", tab.Page.Frames[1].Url);
        Assert.Contains(tab.Complaints, complaint => complaint.Contains("frame", StringComparison.Ordinal));
    }
}
