using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
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
        await AssertUsableByKeyboardAsync(window);
        await AssertFitsAsync(window);
        Assert.Empty(window.Complaints);
        await AssertAccessibleAsync(window);
    }

    /// <summary>The longer words fit too, and no English one is left.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Everybody_can_use_it_in_German(string page)
    {
        await using var window = await chromium.OpenAsync(pages.Server, language: "de");
        await window.OpenAsync(pages, page);
        await Expect(window.Page.Locator("html")).ToHaveAttributeAsync("lang", "de");
        await AssertFitsAsync(window);
        Assert.Empty(window.Complaints);
        AssertNoViolation(await window.Page.RunAxe());
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

    /// <summary>
    /// Tab leads to every control, and the one that has the focus is marked and in view (WCAG 2.2 §2.1.1, §2.4.7, §2.4.11).
    /// </summary>
    private static async Task AssertUsableByKeyboardAsync(ChromiumWindow window)
    {
        const string Controls = """
            [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden], [hidden]), [tabindex='0']")]
                .filter(control => control.checkVisibility())
            """;
        var reached = new HashSet<int>();
        var controls = await window.Page.EvaluateAsync<int>($"{Controls}.length");
        for (var presses = 0; reached.Count < controls; presses++)
        {
            // once more than there are: from the last it leaves the page
            Assert.True(presses <= controls, $"Tab reaches {reached.Count} of {controls} controls");
            await window.Page.Keyboard.PressAsync("Tab");
            var control = await window.Page.EvaluateAsync<int>($"{Controls}.indexOf(document.activeElement)");
            if (control < 0)
                continue;
            reached.Add(control);
            var focused = window.Page.Locator(":focus");
            await Expect(focused).ToHaveCSSAsync("outline-style", "solid");
            await Expect(focused).ToHaveCSSAsync("outline-width", "3px");
            await Expect(focused).ToBeInViewportAsync();
        }
    }

    /// <summary>
    /// Nothing scrolls sideways on a narrow screen, at 200 % (640 CSS pixels are 1280 then), or with letters twice as large (WCAG 2.2
    /// §1.4.4, §1.4.10).
    /// </summary>
    private static async Task AssertFitsAsync(ChromiumWindow window)
    {
        foreach (var (width, letters) in new[] { (1280, "200%"), (640, "200%"), (640, "100%"), (320, "100%") })
        {
            await window.Page.SetViewportSizeAsync(width, 800);
            var needed = await window.Page.EvaluateAsync<int>(
                "letters => { document.documentElement.style.fontSize = letters; return document.documentElement.scrollWidth; }",
                letters
            );
            Assert.True(needed <= width, $"needs {needed} of {width} pixels with letters of {letters}");
        }
    }

    private static async Task AssertAccessibleAsync(ChromiumWindow window)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await window.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            AssertNoViolation(await window.Page.RunAxe());
        }
    }

    private static void AssertNoViolation(AxeResult found)
    {
        Assert.NotEmpty(found.Passes);
        Assert.Empty(found.Violations.SelectMany(violation => violation.Nodes, (violation, node) => $"{violation.Id}: {node.Html}"));
    }
}
