using System.Net;
using AngleSharp.Html.Dom;
using OAuthMcp.Integration.Flows;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Where the name and the look of an operator show, and where nothing shows without them.</summary>
public sealed class BrandingTests(BrandedServer branded, SharedServer shared) : IClassFixture<BrandedServer>, IClassFixture<SharedServer>
{
    private const string SvgPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

    private readonly TestServer server = branded.Server;

    [Theory]
    [InlineData("/signin", ".logo")]
    [InlineData("/", "header .home img")]
    [InlineData("/nowhere", ".logo")]
    public async Task Every_page_shows_name_logo_and_where_to_read_more(string path, string logo)
    {
        using var browser = server.Browser();
        var page = (await browser.OpenAsync(path)).Page!;
        Assert.EndsWith("– Kestrel Bank", page.Title, StringComparison.Ordinal);
        var image = Assert.IsType<IHtmlImageElement>(page.QuerySelector(logo), exactMatch: false);
        Assert.Equal(("/logo.svg", "Kestrel Bank"), (image.GetAttribute("src"), image.AlternativeText));
        Assert.StartsWith("Kestrel Bank, an OAuth 2.1", page.QuerySelector("footer")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal(
            [
                ("Terms of use", "https://bank.example/terms"),
                ("Privacy", "https://bank.example/privacy"),
                ("Help", "mailto:help@bank.example"),
            ],
            page.QuerySelectorAll("footer a").Select(link => (link.TextContent, link.GetAttribute("href")!))
        );
        Assert.DoesNotContain("OAuthMcp", page.DocumentElement.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_style_sheet_of_the_operator_comes_last()
    {
        using var browser = server.Browser();
        var page = (await browser.OpenAsync("/signin")).Page!;
        Assert.Equal(["/site.css", "/brand.css"], page.QuerySelectorAll("link[rel=stylesheet]").Select(link => link.GetAttribute("href")));
        Assert.Empty(page.QuerySelectorAll("style, [style]"));
        using var response = await GetAsync(server, "/brand.css");
        Assert.Equal(("text/css", BrandedServer.StyleSheet), (TypeOf(response), await TextAsync(response)));
    }

    [Fact]
    public async Task The_colour_of_the_operator_is_in_ours()
    {
        using var own = await GetAsync(server, "/site.css");
        Assert.Contains(":root { --accent: #ffcc00; --accent-ink: #000000;", await TextAsync(own), StringComparison.Ordinal);
        using var plain = await GetAsync(shared.Server, "/site.css");
        Assert.StartsWith(await TextAsync(plain), await TextAsync(own), StringComparison.Ordinal);
        Assert.NotEqual(plain.Headers.ETag, own.Headers.ETag);
    }

    [Theory]
    [InlineData("/logo.svg")]
    [InlineData("/favicon.ico")]
    [InlineData("/favicon.svg")]
    public async Task The_logo_is_the_icon_too_and_runs_nothing(string path)
    {
        using var response = await GetAsync(server, path);
        Assert.Equal(("image/svg+xml", BrandedServer.Logo), (TypeOf(response), await TextAsync(response)));
        Assert.Equal(SvgPolicy, response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
    }

    [Fact]
    public async Task A_picture_of_another_kind_is_served_as_what_it_is()
    {
        using var files = new TemporaryFolder();
        var logo = Path.Combine(files.Path, "logo.PNG");
        await File.WriteAllBytesAsync(logo, [0x89, (byte)'P', (byte)'N', (byte)'G'], TestContext.Current.CancellationToken);
        await using var own = await TestServer.StartAsync(("Branding:Logo", logo));
        foreach (var path in new[] { "/logo.png", "/favicon.ico", "/favicon.svg" })
        {
            using var response = await GetAsync(own, path);
            Assert.Equal("image/png", TypeOf(response));
            Assert.NotEqual(SvgPolicy, response.Headers.GetValues("Content-Security-Policy").Single());
        }

        using var browser = own.Browser();
        var icon = (await browser.OpenAsync("/signin")).Page!.QuerySelector("link[rel=icon]")!;
        Assert.Equal(("/logo.png", "image/png"), (icon.GetAttribute("href"), icon.GetAttribute("type")));
        Assert.EndsWith("– OAuthMcp", browser.Page!.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/favicon.ico", "image/x-icon")]
    [InlineData("/favicon.svg", "image/svg+xml")]
    [InlineData("/icon.svg", "image/svg+xml")]
    public async Task Without_a_logo_there_is_an_icon(string path, string type)
    {
        using var response = await GetAsync(shared.Server, path);
        Assert.Equal(type, TypeOf(response));
        Assert.InRange((await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length, 1, 2048);
    }

    [Theory]
    [InlineData("/logo.svg")]
    [InlineData("/brand.css")]
    public async Task Without_them_there_is_neither(string path)
    {
        using var response = await GetAsync(shared.Server, path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task The_metadata_names_it_and_what_holds_here()
    {
        using var resource = await GetAsync(server, "/.well-known/oauth-protected-resource/mcp");
        var said = await resource.JsonAsync();
        Assert.Equal(
            ("Kestrel Bank", "https://bank.example/privacy", "https://bank.example/terms"),
            ((string?)said["resource_name"], (string?)said["resource_policy_uri"], (string?)said["resource_tos_uri"])
        );
        using var authority = await GetAsync(server, "/.well-known/oauth-authorization-server");
        said = await authority.JsonAsync();
        Assert.Equal(
            ("https://bank.example/privacy", "https://bank.example/terms"),
            ((string?)said["op_policy_uri"], (string?)said["op_tos_uri"])
        );
    }

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    public async Task A_client_of_MCP_hears_of_it(string revision)
    {
        using var browser = server.Browser();
        await using var client = await OfficialClient.ConnectAsync(server, browser, new OfficialClient.Tokens(), revision);
        Assert.Equal(("OAuthMcp", "Kestrel Bank"), (client.ServerInfo!.Name, client.ServerInfo.Title));
        Assert.Equal(server.Issuer + "/", client.ServerInfo.WebsiteUrl);
        var icon = Assert.Single(client.ServerInfo!.Icons!);
        Assert.Equal((server.Issuer + "/logo.svg", "image/svg+xml"), (icon.Source, icon.MimeType));
        Assert.Equal("Ask before you move money.", client.ServerInstructions);
    }

    [Fact]
    public async Task A_client_of_MCP_hears_of_nothing_that_was_not_said()
    {
        using var browser = shared.Server.Browser();
        await using var client = await OfficialClient.ConnectAsync(shared.Server, browser, new OfficialClient.Tokens());
        Assert.Equal(("OAuthMcp", "OAuthMcp"), (client.ServerInfo!.Name, client.ServerInfo.Title));
        Assert.Null(client.ServerInfo!.Icons);
        Assert.Null(client.ServerInstructions);
    }

    [Fact]
    public async Task The_authenticator_app_lists_the_key_under_the_name()
    {
        using var browser = server.Browser();
        await browser.OpenAsync("/account");
        await browser.SignInAsync();
        await browser.OpenAsync("/account/authenticator");
        Assert.StartsWith(
            "otpauth://totp/Kestrel%20Bank:alice?",
            browser.Page!.QuerySelector("a[href^='otpauth:']")!.GetAttribute("href"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_pages_say_it_in_German_too()
    {
        using var browser = server.Browser();
        browser.Languages = "de";
        var footer = (await browser.OpenAsync("/signin")).Page!.QuerySelector("footer")!;
        Assert.StartsWith("Kestrel Bank, ein mit OAuth 2.1", footer.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal(["Nutzungsbedingungen", "Datenschutz", "Hilfe"], footer.QuerySelectorAll("a").Select(link => link.TextContent));
    }

    private static async Task<HttpResponseMessage> GetAsync(TestServer server, string path)
    {
        using var http = server.Http();
        return await http.GetAsync(path, TestContext.Current.CancellationToken);
    }

    private static string? TypeOf(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType;

    private static Task<string> TextAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
