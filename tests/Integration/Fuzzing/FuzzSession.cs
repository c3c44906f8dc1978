using AngleSharp.Html.Dom;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Fuzzing;

/// <summary>
/// A browser whose forms are bent: somebody is signed in, an application waits for an answer, and somebody else gave a
/// password and no code yet.
/// </summary>
internal sealed class FuzzSession(TestServer server, TestClient client, string user) : IDisposable
{
    /// <summary>Whose password was right and whose code is missing.</summary>
    public const string HalfWay = "carol";

    private readonly TestBrowser browser = server.Browser();
    private string firstStep = "";

    /// <summary>The header of its cookies.</summary>
    public string Cookies => string.Join("; ", browser.Cookies.Select(cookie => $"{cookie.Name}={cookie.Value}").Append(firstStep));

    /// <summary>What no answer and no line of the log may show.</summary>
    public IEnumerable<string> Secrets =>
        browser
            .Cookies.Where(cookie => cookie.Value.Length > 20)
            .Select(cookie => cookie.Value)
            .Append(firstStep.Split('=')[^1])
            .Append(TestServer.Password);

    /// <summary>Of its forms, encoded.</summary>
    public string AntiForgery { get; private set; } = "";

    /// <summary>What the application asks.</summary>
    public string RequestId { get; private set; } = "";

    public static async Task<FuzzSession> StartAsync(TestServer server, TestClient client, string user)
    {
        var session = new FuzzSession(server, client, user);
        await session.browser.OpenAsync("/signin");
        await session.browser.SignInAsync(HalfWay);
        var cookie = session.browser.Cookies.Single(cookie => cookie.Name == server.CookieName("firststep"));
        session.firstStep = $"{cookie.Name}={cookie.Value}";
        await session.RenewAsync();
        return session;
    }

    /// <summary>After a form that ended the session or answered the application.</summary>
    public async Task RenewAsync()
    {
        await browser.OpenAsync(client.AuthorizationUrl(("prompt", "consent")));
        if (browser.Page!.QuerySelector("[name=password]") is not null)
            await browser.SignInAsync(user);
        AntiForgery = Uri.EscapeDataString(Field(BrowserForms.AntiforgeryField));
        RequestId = Field("request");
    }

    /// <summary>Whether this answer ended the session or what it was asked.</summary>
    public static bool IsSpent(string request, RawAnswer answer) =>
        (request.StartsWith("POST /signout", StringComparison.Ordinal) && answer.Status == 303)
        || (request.StartsWith("POST /consent", StringComparison.Ordinal) && answer.Header("Location")?.StartsWith('h') == true);

    public void Dispose() => browser.Dispose();

    private string Field(string name) => ((IHtmlInputElement)browser.Page!.QuerySelector($"[name={name}]")!).Value;
}
