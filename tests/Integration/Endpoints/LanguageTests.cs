using System.Net;
using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>In which language the pages are, and that nothing but pages has one.</summary>
public sealed class LanguageTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Program = "com.example.app:/cb";

    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData(null, "en")]
    [InlineData("de", "de")]
    [InlineData("de-AT,de;q=0.9,en;q=0.8", "de")]
    [InlineData("en-GB,en;q=0.9,de;q=0.8", "en")]
    [InlineData("de;q=0.1, en;q=0.2", "en")]
    [InlineData("fr, de;q=0.5", "de")]
    [InlineData("fr", "en")]
    [InlineData("*", "en")]
    [InlineData("*, de;q=0.5", "de")]
    [InlineData("de;q=0", "en")]
    [InlineData("de;q=2", "en")]
    [InlineData(";;,=q=,,", "en")]
    public async Task The_browser_says_what_its_user_reads(string? accepted, string language)
    {
        using var browser = Browser(accepted);
        await browser.OpenAsync("/signin");
        AssertIn(language, browser);
    }

    [Theory]
    [InlineData("de", "en", "de")]
    [InlineData("fr-CA de en", "en", "de")]
    [InlineData("DE-at", "en", "de")]
    [InlineData("en", "de", "en")]
    [InlineData("en de", "de", "en")]
    public async Task What_the_application_asks_for_counts_before_that(string uiLocales, string accepted, string language)
    {
        using var browser = Browser(accepted);
        await AskAsync(browser, uiLocales);
        AssertIn(language, browser);
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("de,en")]
    [InlineData("de_DE")]
    [InlineData("  ")]
    [InlineData("\u0000")]
    [InlineData("-- ; de=1 \r\nSet-Cookie: x=y")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("🇩🇪")]
    public async Task What_names_no_language_here_is_passed_over(string uiLocales)
    {
        using var english = Browser(null);
        await AskAsync(english, uiLocales);
        AssertIn("en", english);
        Assert.DoesNotContain(english.Cookies, cookie => cookie.Name == server.CookieName("language"));

        using var german = Browser("de");
        await AskAsync(german, uiLocales);
        AssertIn("de", german);
    }

    [Fact]
    public async Task A_wish_that_is_too_long_is_a_wish_all_the_same()
    {
        using var browser = Browser(null);
        await AskAsync(browser, string.Concat(Enumerable.Repeat("fr-CA ", 500)) + "de");
        AssertIn("de", browser);
    }

    [Fact]
    public async Task It_lasts_from_the_sign_in_to_the_answer()
    {
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(Program)));
        using var browser = Browser("en");
        await browser.OpenAsync(client.AuthorizationUrl(("redirect_uri", Program), ("ui_locales", "de")));
        Assert.Equal("Anmelden", browser.Page!.QuerySelector("h1")!.TextContent);
        await browser.SignInAsync("alice", "wrong");
        Assert.Equal(HttpStatusCode.BadRequest, browser.Response.StatusCode);
        Assert.Contains("Benutzername oder Passwort ist falsch.", browser.Text, StringComparison.Ordinal);
        await browser.SignInAsync();
        Assert.Contains("Darf Test client Ihr Konto benutzen?", browser.Text, StringComparison.Ordinal);
        Assert.Contains("Sehen, wer Sie sind", browser.Text, StringComparison.Ordinal);
        AssertIn("de", browser);
        await browser.SubmitAsync("Erlauben");
        Assert.Equal(Program, browser.Location.GetLeftPart(UriPartial.Path));
        Assert.Equal("Der Zugriff ist erlaubt", browser.Page!.QuerySelector("h1")!.TextContent);
        AssertIn("de", browser);

        // The next application has a wish of its own, or none.
        await browser.OpenAsync(client.AuthorizationUrl(("redirect_uri", Program)));
        AssertIn("en", browser);
        Assert.DoesNotContain(browser.Cookies, cookie => cookie.Name == server.CookieName("language"));
    }

    [Fact]
    public async Task It_lasts_no_longer_than_a_sign_in_may_and_is_for_the_server_alone()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var started = await client.Http.GetAsync(
            client.AuthorizationUrl(("ui_locales", "de")),
            TestContext.Current.CancellationToken
        );
        var cookie = Assert.Single(started.Headers.GetValues("Set-Cookie"), cookie =>
            cookie.StartsWith(server.CookieName("language"), StringComparison.Ordinal)
        );
        Assert.StartsWith($"{server.CookieName("language")}=de;", cookie, StringComparison.Ordinal);
        Assert.Contains("max-age=600; path=/; samesite=lax; httponly", cookie, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("../../etc")]
    [InlineData("")]
    public async Task A_cookie_that_names_no_other_language_changes_nothing(string value)
    {
        using var http = server.Http();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/signin");
        request.Headers.TryAddWithoutValidation("Cookie", $"{server.CookieName("language")}={value}");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("en", (await response.AssertPageAsync(200)).DocumentElement.GetAttribute("lang"));
    }

    [Theory]
    [InlineData("/nowhere", 404, "Hier ist nichts.")]
    [InlineData("/consent?request=unknown", 400, "Diese Anmeldung ist abgelaufen.")]
    [InlineData("/signin/callback?state=unknown", 400, "Diese Anmeldung ist abgelaufen oder wurde schon benutzt.")]
    [InlineData("/authorize?client_id=unknown", 400, "Eine Anwendung hat Sie mit einer Anfrage hierhergeschickt")]
    public async Task A_refusal_is_in_it_too(string path, int status, string text)
    {
        using var browser = Browser("de");
        await browser.OpenAsync(path);
        Assert.Equal(status, (int)browser.Response.StatusCode);
        Assert.Contains(text, browser.Text, StringComparison.Ordinal);
        AssertIn("de", browser);
    }

    [Fact]
    public async Task What_the_makers_of_an_application_read_is_in_English_and_marked_so()
    {
        using var browser = Browser(null);
        await browser.OpenAsync("/authorize?client_id=unknown&ui_locales=de");
        AssertIn("de", browser);
        var quoted = browser.Page!.QuerySelector("q")!;
        Assert.Equal(("en", "client_id names no registered client."), (quoted.GetAttribute("lang"), quoted.TextContent));
    }

    [Fact]
    public async Task A_form_that_is_too_old_is_told_in_it_and_logged_in_English()
    {
        using var http = server.Http();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signout") { Content = new FormUrlEncodedContent([]) };
        request.Headers.TryAddWithoutValidation("Accept-Language", "de");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains("Es ist nichts geschehen.", (await response.AssertPageAsync()).Body!.TextContent, StringComparison.Ordinal);
        await server.Log.NextAsync(line =>
            line.Contains("/signout", StringComparison.Ordinal) && line.Contains("The form has no token", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Times_are_in_its_words()
    {
        using var client = await TestClient.RegisterAsync(server);
        await client.SignInAsync();
        using var browser = Browser("de");
        await browser.OpenAsync("/connections");
        await browser.SignInAsync();
        var time = browser.Page!.QuerySelector("time")!;
        var (day, german) = (server.Clock.GetUtcNow(), System.Globalization.CultureInfo.GetCultureInfo("de"));
        Assert.Equal(day.ToString("d. MMMM yyyy", german), time.TextContent);
        Assert.StartsWith($"{day:yyyy-MM-dd}T", time.GetAttribute("datetime"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_says_its_language_and_what_it_depends_on()
    {
        using var browser = Browser("de");
        await browser.OpenAsync("/");
        Assert.Equal(["de"], browser.Response.Content.Headers.ContentLanguage);
        Assert.Equal(["Accept-Language", "Cookie"], browser.Response.Headers.Vary);
    }

    [Theory]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/nothing")]
    [InlineData("/site.css")]
    [InlineData("/health/live")]
    public async Task Nothing_but_a_page_has_a_language(string path)
    {
        using var http = server.Http();
        using var german = await GetAsync(http, path, "de");
        using var english = await GetAsync(http, path, "en");
        Assert.Equal(await BodyAsync(english), await BodyAsync(german));
        Assert.Empty(german.Content.Headers.ContentLanguage);
        Assert.DoesNotContain("Accept-Language", german.Headers.Vary);
    }

    [Fact]
    public async Task A_token_endpoint_refuses_in_English()
    {
        using var http = server.Http();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", "de");
        using var response = await http.PostAsync("/token", new FormUrlEncodedContent([]), TestContext.Current.CancellationToken);
        Assert.Equal("grant_type is required.", (string?)(await response.JsonAsync())["error_description"]);
    }

    private TestBrowser Browser(string? languages)
    {
        var browser = server.Browser();
        browser.Languages = languages;
        return browser;
    }

    private async Task AskAsync(TestBrowser browser, string uiLocales)
    {
        using var client = await TestClient.RegisterAsync(server);
        await browser.OpenAsync(client.AuthorizationUrl(("ui_locales", uiLocales)));
        Assert.Equal((HttpStatusCode.OK, "/signin"), (browser.Response.StatusCode, browser.Location.AbsolutePath));
    }

    private static void AssertIn(string language, TestBrowser browser)
    {
        Assert.Equal(language, browser.Page!.DocumentElement.GetAttribute("lang"));
        Assert.Equal([language], browser.Response.Content.Headers.ContentLanguage);
        Assert.Contains(
            language == "de" ? "ein mit OAuth 2.1 geschützter MCP-Server" : "an OAuth 2.1 protected MCP server",
            browser.Text,
            StringComparison.Ordinal
        );
    }

    private static Task<HttpResponseMessage> GetAsync(HttpClient http, string path, string language)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Language", language);
        return http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    // But for the trace id of an error.
    private static async Task<string> BodyAsync(HttpResponseMessage response) =>
        System.Text.RegularExpressions.Regex.Replace(
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            "\"trace_id\":\"[0-9a-f]+\"",
            ""
        );
}
