using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Browser;

/// <summary>
/// A server with all that can be on a page: accounts here and at two providers, an application of the operator, and applications that a
/// document describes.
/// </summary>
public sealed class PageServer : IAsyncLifetime
{
    /// <summary>Somebody whose name takes more room than a telephone has.</summary>
    public const string LongName = "maximiliane.konstantinopolitanska-hohenlohe@department-of-rather-long-names.example";

    private readonly ClientKey key = new();
    private DocumentHost documents = null!;
    private int accounts;

    internal TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        documents = await DocumentHost.StartAsync();
        Server = await SharedDocuments.StartServerAsync([
            .. ConfiguredServer.Keys(key),
            ("Accounts:Local", "true"),
            ("Accounts:Administrators:0", LongName),
            ("Accounts:Seed:2:UserName", LongName),
            ("Accounts:Seed:2:Password", TestServer.Password),
            ("Upstream:Provider", "github"),
            ("Upstream:ClientId", "none"),
            ("Upstream:ClientSecret", "none"),
            ("Upstream:Providers:0:Provider", "oidc"),
            ("Upstream:Providers:0:BaseUrl", "https://idp.example"),
            ("Upstream:Providers:0:ClientId", "none"),
            ("Upstream:Providers:0:ClientSecret", "none"),
            ("Upstream:Providers:0:DisplayName", "the Identity Management of the Department of Rather Long Names"),
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await documents.DisposeAsync();
        key.Dispose();
    }

    internal TestClient Portal() => new(Server, "portal", ConfiguredServer.Secret, "client_secret_post");

    internal TestClient Desktop() => new(Server, "desktop", null, "none");

    /// <summary>An application that is known by the address of its document, as long as they get.</summary>
    internal TestClient Described(string redirectUri)
    {
        var url =
            $"https://localhost:{documents.Port}/{string.Concat(Enumerable.Repeat("a-long-path-to-the-document/", 8))}client-{Interlocked.Increment(ref accounts)}.json";
        documents.Answer(url, DocumentHost.Document(url, ("redirect_uris", new JsonArray(redirectUri))).ToJsonString());
        return Server.Described(url);
    }

    /// <summary>The name of an account that nobody else has, so that a test may change how it signs in.</summary>
    internal async Task<string> AddAccountAsync()
    {
        var name = $"user-{Interlocked.Increment(ref accounts)}@mail.example";
        await using var scope = Server.App.Services.CreateAsyncScope();
        Assert.Null(
            (
                await scope
                    .ServiceProvider.GetRequiredService<IAccounts>()
                    .AddAsync(name, new Secret(TestServer.Password), TestContext.Current.CancellationToken)
            ).Error
        );
        return name;
    }

    /// <summary>An account whose sign-in takes a code.</summary>
    internal async Task<string> AddAccountWithCodeAsync()
    {
        var name = await AddAccountAsync();
        using var browser = Server.Browser();
        await browser.OpenAsync("/account");
        await browser.SignInAsync(name);
        await browser.OpenAsync("/account/authenticator");
        await browser.SubmitAsync("Turn on", ("code", CodeOf(browser.Page!.QuerySelector("#key")!.TextContent)));
        Assert.NotEmpty(browser.Page!.QuerySelectorAll(".codes code"));
        return name;
    }

    internal string CodeOf(string key) => AuthenticatorKey.Parse(new Secret(key)).CodeAt(Server.Clock.GetUtcNow());
}
