using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using ModelContextProtocol.Protocol;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>
/// The server with one provider where its users sign in, and an API behind its tools that takes that provider's tokens and no others.
/// </summary>
internal sealed class UpstreamServer : IAsyncDisposable
{
    private UpstreamServer(TestServer server, UpstreamStandIn provider, StandIn api) => (Server, Provider, Api) = (server, provider, api);

    public TestServer Server { get; }
    public UpstreamStandIn Provider { get; }
    public StandIn Api { get; }

    /// <summary>What the API answers; null to take the provider's tokens as they are.</summary>
    public RequestDelegate? ApiAnswers { get; set; }

    /// <summary>An access token of this server, where a test has one user.</summary>
    public string Token { get; set; } = "";

    public static async Task<UpstreamServer> GitHubAsync(params (string Key, string Value)[] configuration) =>
        await StartAsync(await GitHubStandIn.StartAsync(), "github", configuration);

    /// <summary>GitHub with tokens that expire after eight hours, as GitHub's do, and this server's after a day.</summary>
    public static async Task<UpstreamServer> ExpiringAsync(params (string Key, string Value)[] configuration)
    {
        var gitHub = await GitHubStandIn.StartAsync();
        gitHub.TokenLifetime = TimeSpan.FromHours(8);
        return await StartAsync(gitHub, "github", [("OAuth:AccessTokenLifetime", "1.00:00:00"), .. configuration]);
    }

    public static async Task<UpstreamServer> StartAsync(
        UpstreamStandIn provider,
        string kind,
        params (string Key, string Value)[] configuration
    )
    {
        UpstreamServer? upstream = null;
        var api = await StandIn.StartAsync(http =>
        {
            if (upstream?.ApiAnswers is { } answer)
                return answer(http);
            if (
                http.Request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token]
                && provider.OwnerOf(token) is not null
            )
                return StandIn.AnythingAsync(http);
            http.Response.StatusCode = 401;
            return Task.CompletedTask;
        });
        var server = await TestServer.StartAsync([
            .. Keys(provider, kind),
            ("Accounts:Local", "false"),
            ("Downstream:Token", "Upstream"),
            ("Downstream:BaseAddress", api.Address.AbsoluteUri),
            .. configuration,
        ]);
        server.Clock.SkipsWaitsOf = TimeSpan.FromSeconds(5); // between retries
        provider.Time = server.Clock;
        return upstream = new UpstreamServer(server, provider, api);
    }

    /// <param name="section"><c>Upstream</c>, or an entry of its <c>Providers</c>.</param>
    public static (string Key, string Value)[] Keys(UpstreamStandIn provider, string kind, string section = "Upstream") =>
        [
            ($"{section}:Provider", kind),
            ($"{section}:BaseUrl", provider.BaseUrl),
            ($"{section}:ClientId", UpstreamStandIn.ClientId),
            ($"{section}:ClientSecret", UpstreamStandIn.ClientSecret),
        ];

    public TestBrowser Browser() => BrowserSteps.At(Server.Address, Provider.Socket.Address);

    /// <summary>An access token of this server for somebody who signed in at the provider.</summary>
    public async Task<string> SignInAsync(Person? person = null, params (string Name, string? Value)[] parameters)
    {
        if (person is not null)
            Provider.Person = person;
        using var client = await TestClient.RegisterAsync(Server);
        using var browser = Browser();
        var answer = QueryHelpers.ParseQuery((await browser.AllowAsync(client.AuthorizationUrl(parameters))).Query);
        return (string)(await (await client.ExchangeAsync(answer["code"].ToString())).JsonAsync())["access_token"]!;
    }

    /// <summary>A browser that has come as far as the provider's answer, which the test refuses or not.</summary>
    public async Task<TestBrowser> TryAsync(Person? person = null)
    {
        if (person is not null)
            Provider.Person = person;
        using var client = await TestClient.RegisterAsync(Server);
        var browser = Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        return await browser.SubmitAsync("Allow");
    }

    public async Task<CallToolResult> CallAsync(string token, string message = "hello")
    {
        await using var client = await Callers.ConnectAsync(Server, token);
        return await client.MakeRequestAsync(message);
    }

    /// <summary>A browser that was sent to the provider, and what the provider would send it back with.</summary>
    public async Task<(TestBrowser Browser, string Callback)> LeaveAsync()
    {
        using var client = await TestClient.RegisterAsync(Server);
        var browser = Server.Browser(); // one that does not go on by itself
        await browser.OpenAsync(client.AuthorizationUrl());
        await browser.SubmitAsync("Allow");
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var back = await http.GetAsync(browser.Location, TestContext.Current.CancellationToken);
        return (browser, back.Headers.Location!.AbsoluteUri);
    }

    /// <summary>The upstream tokens that reached the API, in order.</summary>
    public IReadOnlyList<string> Arrived => [.. Api.Requests.Select(request => request.Authorization["Bearer ".Length..])];

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Api.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
