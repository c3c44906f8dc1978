using AngleSharp.Html.Dom;

namespace OAuthMcp.Integration.Hosting;

/// <summary>What the people of the tests do in a browser.</summary>
internal static class BrowserSteps
{
    /// <param name="others">Hosts that the server sends browsers to, and that send them back.</param>
    public static TestBrowser At(Uri server, params Uri[] others) => new(server, others, TestContext.Current.CancellationToken);

    public static Task<TestBrowser> SignInAsync(
        this TestBrowser browser,
        string userName = "alice",
        string password = TestServer.Password
    ) => browser.SubmitAsync(null, ("username", userName), ("password", password));

    /// <summary>Signs in where asked and allows, and returns the client's callback.</summary>
    public static Task<Uri> AllowAsync(this TestBrowser browser, string authorizationUrl, string userName = "alice") =>
        browser.AllowAsync(authorizationUrl, userName, TestServer.Password);

    /// <summary>The same for a client that listens on loopback: the answer is brought to it.</summary>
    public static async Task AllowAndReturnAsync(this TestBrowser browser, string authorizationUrl)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var response = await client.GetAsync(await browser.AllowAsync(authorizationUrl), TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode < 400, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Follows the link of this text.</summary>
    public static Task<TestBrowser> FollowAsync(this TestBrowser browser, string link) =>
        browser.OpenAsync(
            browser.Page!.QuerySelectorAll("a").First(found => found.TextContent.Trim() == link).GetAttribute("href")
                ?? throw new InvalidOperationException($"{link} leads nowhere.")
        );

    /// <summary>Posts these fields with the anti-forgery token of the page in front, as a form on it would.</summary>
    public static Task<TestBrowser> PostAsync(this TestBrowser browser, string url, params (string Name, string Value)[] fields) =>
        browser.GoAsync(
            new HttpRequestMessage(HttpMethod.Post, new Uri(browser.Server, url))
            {
                Content = new FormUrlEncodedContent(browser.Form(fields)),
            }
        );

    public static void Untick(this TestBrowser browser, string value) =>
        ((IHtmlInputElement)browser.Page!.QuerySelector($"input[type=checkbox][value='{value}']")!).IsChecked = false;
}
