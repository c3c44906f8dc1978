using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// A person's browser with one page open: what they do there, and what the browser asked for and complained of meanwhile.
/// </summary>
internal sealed class ChromiumWindow : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly ConcurrentQueue<IRequest> requests = new();

    private readonly Func<Task> close;
    private IAsyncDisposable? owned;

    private ChromiumWindow(IBrowserContext context, IPage page, Words words, Func<Task> close) =>
        (Context, Page, Words, this.close) = (context, page, words, close);

    public IBrowserContext Context { get; }
    public IPage Page { get; }

    /// <summary>What this person reads. The names of buttons and links that are given here are the English ones.</summary>
    public Words Words { get; }

    /// <summary>
    /// Errors and warnings of the console, refusals by a Content-Security-Policy among them, and of scripts; a page that came with an
    /// error status is none.
    /// </summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    /// <summary>Everything that the page asked for, in its order.</summary>
    public IReadOnlyCollection<IRequest> Requests => requests;

    public Uri Location => new(Page.Url);
    public ILocator Heading => Page.GetByRole(AriaRole.Heading, new() { Level = 1 });
    public ILocator Alert => Page.GetByRole(AriaRole.Alert);

    public static async Task<ChromiumWindow> OpenAsync(IBrowserContext context, string language) =>
        new ChromiumWindow(context, await context.NewPageAsync(), new Words(language), () => context.CloseAsync()).Listening();

    public async Task<IResponse> OpenAsync(string url) => (await Page.GotoAsync(url))!;

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = Words.Of(name), Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = Words.Of(name), Exact = true });

    public Task FollowAsync(string link) => Link(link).ClickAsync();

    public Task PressAsync(string button) => Button(button).ClickAsync();

    public async Task SignInAsync(string userName = "alice", string password = TestServer.Password)
    {
        await Page.Locator("[name=username]").FillAsync(userName);
        await Page.Locator("[name=password]").FillAsync(password);
        await PressAsync("Sign in");
    }

    /// <summary>Signs in where no client asks, which leads to the front page.</summary>
    public async Task SignInAtHomeAsync(string userName = "alice")
    {
        await OpenAsync("/signin");
        await SignInAsync(userName);
        await Assertions.Expect(Page.GetByText(Words.Of($"Signed in as {userName}"))).ToBeVisibleAsync();
    }

    /// <summary>Opens a client's authorization URL and signs in, which leads to the question of consent.</summary>
    public async Task AskAsync(string authorizationUrl, string userName = "alice")
    {
        await OpenAsync(authorizationUrl);
        await SignInAsync(userName);
        await Assertions.Expect(Button("Allow")).ToBeVisibleAsync();
    }

    /// <summary>One more page of the same browser.</summary>
    public async Task<ChromiumWindow> OpenTabAsync(string url)
    {
        var page = await Context.NewPageAsync();
        var tab = new ChromiumWindow(Context, page, Words, () => page.CloseAsync()).Listening();
        await tab.OpenAsync(url);
        return tab;
    }

    /// <summary>
    /// Gives the page an authenticator of its own, which keeps passkeys and answers without anybody's finger (WebAuthn §11.2).
    /// </summary>
    public async Task AddAuthenticatorAsync(bool verifiesUser = true)
    {
        var browser = await Context.NewCDPSessionAsync(Page);
        await browser.SendAsync("WebAuthn.enable");
        await browser.SendAsync(
            "WebAuthn.addVirtualAuthenticator",
            new()
            {
                ["options"] = new Dictionary<string, object>
                {
                    ["protocol"] = "ctap2",
                    ["transport"] = "internal",
                    ["hasResidentKey"] = true,
                    ["hasUserVerification"] = true,
                    ["isUserVerified"] = verifiesUser,
                    ["automaticPresenceSimulation"] = true,
                },
            }
        );
    }

    /// <summary>Loads the page again with one more directive in its Content-Security-Policy.</summary>
    public async Task ReloadWithAsync(string directive)
    {
        const string Policy = "content-security-policy";
        await Page.RouteAsync(Page.Url, async route =>
        {
            var response = await route.FetchAsync();
            await route.FulfillAsync(
                new()
                {
                    Response = response,
                    Headers = new Dictionary<string, string>(response.Headers) { [Policy] = $"{response.Headers[Policy]}; {directive}" },
                }
            );
        });
        await Page.ReloadAsync();
        await Page.UnrouteAllAsync();
    }

    /// <summary>Something that the page needs for as long as it is open.</summary>
    public void Owns(IAsyncDisposable needed) => owned = needed;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await close().WaitAsync(ServerProcess.Soon, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // It ends with the browser.
        }

        if (owned is not null)
            await owned.DisposeAsync();
    }

    private ChromiumWindow Listening()
    {
        Page.Request += (_, request) => requests.Enqueue(request);
        Page.Console += (_, message) => Hear(message);
        Page.PageError += (_, error) => complaints.Enqueue(error);
        return this;
    }

    private void Hear(IConsoleMessage message)
    {
        if (message.Type is not ("error" or "warning"))
            return;
        if (
            message.Text.StartsWith("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal)
            && message.Location.StartsWith(Page.Url, StringComparison.Ordinal)
        )
            return;
        complaints.Enqueue($"{message.Text} ({message.Location})");
    }
}
