using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace OAuthMcp.Testing;

/// <summary>
/// A browser without script: follows redirects on the hosts it knows, keeps cookies, submits the forms it finds, and stops where a
/// client takes over.
/// </summary>
internal sealed class TestBrowser : IDisposable
{
    private readonly CancellationToken ct;
    private readonly CookieContainer cookies = new();
    private HttpClient? http;

    /// <param name="others">Hosts that the server sends browsers to, and that send them back.</param>
    public TestBrowser(Uri server, IEnumerable<Uri> others, CancellationToken ct)
    {
        (Location, Server, this.ct) = (server, server, ct);
        Known.UnionWith(others.Select(other => other.GetLeftPart(UriPartial.Authority)));
    }

    private HttpClient Http => http ??= new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies });

    public Uri Server { get; }

    /// <summary>What it says of where a page it opens was asked for (<c>Sec-Fetch-Site</c>); null for nothing.</summary>
    public string? FetchSite { get; set; }

    /// <summary>What its user reads (<c>Accept-Language</c>); null for nothing.</summary>
    public string? Languages { get; set; }

    /// <summary>Origins besides the server's that belong to the walk, and are followed to.</summary>
    public HashSet<string> Known { get; } = [];

    public CookieCollection Cookies => cookies.GetAllCookies();

    /// <summary>The page in front of the user; null once the browser was sent to a client.</summary>
    public IHtmlDocument? Page { get; private set; }

    /// <summary>Where the page came from, or the client's URL that the browser was sent to.</summary>
    public Uri Location { get; private set; }

    public HttpResponseMessage Response { get; private set; } = new();

    public string Text => Page?.Body?.TextContent ?? "";

    public Task<TestBrowser> OpenAsync(string url) => GoAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(Server, url)));

    /// <summary>Fills the form that holds the named button or field, and submits it.</summary>
    /// <param name="button">What stands on it, or its value.</param>
    public Task<TestBrowser> SubmitAsync(string? button = null, params (string Name, string Value)[] fields)
    {
        var forms = Page!.Forms.Cast<IHtmlFormElement>();
        var form = forms.FirstOrDefault(candidate =>
            button is null
                ? fields.All(field => candidate.QuerySelector($"[name='{field.Name}']") is not null)
                : candidate.QuerySelectorAll("button").Cast<IHtmlButtonElement>().Any(found => Is(found, button))
        ) ?? throw new InvalidOperationException($"There is no such form: {(int)Response.StatusCode} {Text}");
        var values = form.QuerySelectorAll("input")
            .Cast<IHtmlInputElement>()
            .Where(input => input.Name is not null && (input.Type != "checkbox" || input.IsChecked))
            .Where(input => !fields.Any(field => field.Name == input.Name))
            .Select(input => KeyValuePair.Create(input.Name!, input.Value))
            .ToList();
        if (
            form.QuerySelectorAll("button").Cast<IHtmlButtonElement>().FirstOrDefault(found => Is(found, button)) is
            { Name: not null } pressed
        )
            values.Add(new(pressed.Name, pressed.Value));
        values.AddRange(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        var action = form.GetAttribute("action") is { } target ? new Uri(Location, target) : Location;
        return GoAsync(new HttpRequestMessage(HttpMethod.Post, action) { Content = new FormUrlEncodedContent(values) });
    }

    /// <summary>
    /// The whole of it: opens the client's authorization URL, signs in where asked, allows, and returns the client's callback.
    /// </summary>
    /// <exception cref="InvalidOperationException">The server did not send the browser back to the client.</exception>
    public async Task<Uri> AllowAsync(string authorizationUrl, string userName, string password)
    {
        await OpenAsync(authorizationUrl);
        if (Page?.QuerySelector("[name=password]") is not null)
            await SubmitAsync(null, ("username", userName), ("password", password));
        if (Page is not null)
            await SubmitAsync("allow");
        return Page is null || !Location.Scheme.StartsWith("http", StringComparison.Ordinal)
            ? Location
            : throw new InvalidOperationException($"The browser is still here: {(int)Response.StatusCode} {Text}");
    }

    /// <summary>Sends a request and follows where it leads, to the last page or to a client.</summary>
    public async Task<TestBrowser> GoAsync(HttpRequestMessage request)
    {
        for (var hops = 0; hops < 20; hops++)
        {
            request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
            if (Languages is not null)
                request.Headers.TryAddWithoutValidation("Accept-Language", Languages);
            if (FetchSite is not null)
                request.Headers.Add("Sec-Fetch-Site", FetchSite);
            Location = request.RequestUri!;
            Response = await Http.SendAsync(request, ct);
            if ((int)Response.StatusCode is < 300 or >= 400)
            {
                var parser = new HtmlParser();
                Page = parser.ParseDocument(await Response.Content.ReadAsStringAsync(ct));
                // Another program takes it, and the page stays.
                if (
                    Page.QuerySelector("meta[http-equiv=refresh]")?.GetAttribute("content")
                    is ['0', ';', 'u', 'r', 'l', '=', .. var address]
                )
                    Location = new Uri(address);
                return this;
            }

            var next = new Uri(Location, Response.Headers.GetValues("Location").Single());
            if (next.Authority != Server.Authority && !Known.Contains(next.GetLeftPart(UriPartial.Authority)))
            {
                (Page, Location) = (null, next);
                return this;
            }

            request = new HttpRequestMessage(HttpMethod.Get, next);
        }

        throw new InvalidOperationException("The server redirects in circles.");
    }

    public void Dispose() => http?.Dispose();

    private static bool Is(IHtmlButtonElement found, string? button) =>
        button is not null && (found.TextContent.Trim() == button || found.Value == button);
}
