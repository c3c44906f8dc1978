using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using OAuthMcp.Integration.Hosting;
using static Microsoft.Playwright.Assertions;

namespace OAuthMcp.Integration.Browser;

/// <summary>What a page owes to everybody who reads it, by keyboard, on a telephone, or by ear.</summary>
internal static class PageRules
{
    /// <summary>
    /// Tab leads to every control, and the one that has the focus is marked and in view (WCAG 2.2 §2.1.1, §2.4.7, §2.4.11).
    /// </summary>
    public static async Task AssertUsableByKeyboardAsync(this ChromiumWindow window)
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
    public static async Task AssertFitsAsync(this ChromiumWindow window)
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

    /// <summary>Axe finds nothing in any of these schemes.</summary>
    public static async Task AssertAccessibleAsync(this ChromiumWindow window, params ColorScheme[] schemes)
    {
        foreach (var scheme in schemes)
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
