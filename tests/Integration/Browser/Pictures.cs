using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Mcp;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Browser;

/// <summary>
/// The pictures of the README, made on demand: <c>dotnet run --project tests/Integration -- --explicit only --filter-class
/// "*Pictures"</c>.
/// </summary>
public sealed class Pictures(BrandedServer branded, Chromium chromium) : IClassFixture<BrandedServer>
{
    private static readonly string Folder = Path.Combine(Checkout.Folder, "docs", "images");

    [Fact(Explicit = true)]
    public async Task Shows_each_page_on_a_desktop_a_tablet_and_a_telephone()
    {
        await using var server = await TestServer.StartAsync(
            TestServer.NewDataDirectory(),
            8080, // the address of the README
            ("Accounts:Administrators:0", "alice")
        );
        await using var window = await chromium.OpenAsync(server);
        await window.OpenAsync("/signin");
        await TakeAsync(window, "sign-in");

        using var claude = await RegisterAsync(server, "Claude", "https://claude.ai/api/mcp/auth_callback");
        using var code = await RegisterAsync(server, "Visual Studio Code", "http://127.0.0.1:33418/");
        await window.AskAsync(Url(claude, "https://claude.ai/api/mcp/auth_callback"));
        await TakeAsync(window, "consent", isWhole: true);

        using (var browser = server.Browser())
        {
            await browser.AllowAsync(Url(claude, "https://claude.ai/api/mcp/auth_callback"));
            await browser.AllowAsync(Url(code, "http://127.0.0.1:33418/"));
        }

        await window.OpenAsync("/connections");
        await TakeAsync(window, "connections");
        await window.OpenAsync("/account");
        await TakeAsync(window, "account");
        await window.OpenAsync("/");
        await TakeAsync(window, "home");
        await window.OpenAsync("/admin/user?name=bob");
        await TakeAsync(window, "administration");
    }

    [Fact(Explicit = true)]
    public async Task Shows_a_server_of_ones_own()
    {
        await using var server = await TestServer.StartAsync(ToolsOfOthers.Add, branded.Keys("#ffcc00"));
        await using var window = await chromium.OpenAsync(server, language: "de");
        using var claude = await RegisterAsync(server, "Claude", "https://claude.ai/api/mcp/auth_callback");
        var every = string.Join(' ', ToolScopes.OfAll(server.App.Services.GetServices<McpServerTool>()));
        await window.AskAsync(claude.AuthorizationUrl(("redirect_uri", "https://claude.ai/api/mcp/auth_callback"), ("scope", every)));
        await TakeAsync(window, "consent-own", isWhole: true);
    }

    private static Task<TestClient> RegisterAsync(TestServer server, string name, string redirectUri) =>
        TestClient.RegisterAsync(server, ("client_name", name), ("redirect_uris", new JsonArray(redirectUri)));

    private static string Url(TestClient client, string redirectUri) => client.AuthorizationUrl(("redirect_uri", redirectUri));

    /// <summary>One picture of the page in three widths, side by side; the narrow one in the dark.</summary>
    /// <param name="isWhole">Whether the picture is as long as the page, and not one screen of it.</param>
    private static async Task TakeAsync(ChromiumWindow window, string name, bool isWhole = false)
    {
        const int Height = 800;
        var screens = new List<string>();
        foreach (var (width, scheme) in new[] { (1280, ColorScheme.Light), (768, ColorScheme.Light), (320, ColorScheme.Dark) })
        {
            await window.Page.SetViewportSizeAsync(width, Height);
            await window.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            screens.Add(
                $"<img width={width / 2} src='data:image/png;base64,{Convert.ToBase64String(await window.Page.ScreenshotAsync(new() { FullPage = isWhole }))}'>"
            );
        }

        var frame = await window.Context.NewPageAsync();
        await frame.SetContentAsync(
            $"<style>body {{ display: inline-flex; align-items: start; gap: 12px; margin: 0; padding: 12px; background: #888 }} img {{ border-radius: 6px }}</style>{string.Concat(screens)}"
        );
        await frame.Locator("body").ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}.png") });
        await frame.CloseAsync();
    }
}
