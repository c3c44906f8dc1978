using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Mcp;
using OAuthMcp.Integration.Hosting;
using OAuthMcp.Integration.Upstream;
using static Microsoft.Playwright.Assertions;

namespace OAuthMcp.Integration.Browser;

/// <summary>Every page that a person can come to, and the way there. What is true of all pages is tested on each of these.</summary>
internal static class EveryPage
{
    private const string LongName =
        "An application <i>whose</i> makers could not settle for one of its many-many-many-names-without-a-break-anywhere-at-all";

    private static readonly Dictionary<string, Func<PageServer, ChromiumWindow, Task>> Ways = new()
    {
        ["home"] = (_, window) => window.OpenAsync("/"),
        ["home with every client unfolded"] = async (_, window) =>
        {
            await window.OpenAsync("/");
            await window.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(way => way.open = true)");
        },
        ["home of who is signed in"] = (_, window) => window.SignInAtHomeAsync(PageServer.LongName),
        ["sign-in"] = (_, window) => window.OpenAsync("/signin"),
        ["sign-in that failed"] = async (_, window) =>
        {
            await window.OpenAsync("/signin");
            await window.SignInAsync("alice", "wrong");
            await Expect(window.Alert).ToBeVisibleAsync();
        },
        ["sign-in that is locked"] = async (pages, window) =>
        {
            using var guesser = pages.Server.Browser();
            await guesser.OpenAsync("/signin");
            for (var attempt = 0; attempt < 10; attempt++)
                await guesser.SignInAsync("somebody", "wrong");
            await window.OpenAsync("/signin");
            await window.SignInAsync("somebody", "wrong");
            await Expect(window.Alert).ToHaveTextAsync(window.Words.Of("Too many attempts. Wait a few minutes, then try again."));
        },
        ["sign-in at the only provider"] = async (_, window) =>
        {
            var upstream = await UpstreamServer.GitHubAsync();
            window.Owns(upstream);
            await window.OpenAsync(upstream.Server.Issuer + "/signin");
        },
        ["code"] = (pages, window) => EnterPasswordAsync(pages, window),
        ["code that is wrong"] = async (pages, window) =>
        {
            await EnterPasswordAsync(pages, window);
            await window.Page.GetByLabel(window.Words.Of("Code")).FillAsync("guess");
            await window.PressAsync("Sign in");
            await Expect(window.Alert).ToBeVisibleAsync();
        },
        ["account"] = async (pages, window) =>
        {
            await window.SignInAtHomeAsync(PageServer.LongName);
            await window.OpenAsync("/account?notice=password-wrong");
            await Expect(window.Alert).ToBeVisibleAsync();
        },
        ["account with everything"] = async (pages, window) =>
        {
            await window.AddAuthenticatorAsync();
            await SetUpAsync(pages, window);
            await AddPasskeyAsync(window);
        },
        ["authenticator app to be turned off"] = async (pages, window) =>
        {
            await SetUpAsync(pages, window);
            await window.OpenAsync("/account");
            await window.FollowAsync("Turn off");
            await Expect(window.Button("Turn off")).ToBeVisibleAsync();
        },
        ["passkey to be removed"] = async (pages, window) =>
        {
            await window.AddAuthenticatorAsync();
            await window.SignInAtHomeAsync(await pages.AddAccountAsync());
            await AddPasskeyAsync(window);
            await window.FollowAsync($"Remove {new string('m', 60)}…");
            await Expect(window.Button("Remove")).ToBeVisibleAsync();
        },
        ["authenticator app"] = async (pages, window) =>
        {
            await window.SignInAtHomeAsync(await pages.AddAccountAsync());
            await window.OpenAsync("/account/authenticator");
            await window.Page.Locator("#code").FillAsync("guess");
            await window.PressAsync("Turn on");
            await Expect(window.Alert).ToBeVisibleAsync();
        },
        ["recovery codes"] = (pages, window) => SetUpAsync(pages, window),
        ["new recovery codes"] = async (pages, window) =>
        {
            await SetUpAsync(pages, window);
            await window.OpenAsync("/account");
            await window.PressAsync("Make new recovery codes");
            await Expect(window.Page.Locator(".codes")).ToBeVisibleAsync();
        },
        ["sign-out"] = (_, window) => window.OpenAsync("/signout"),
        ["connections of who has none"] = async (_, window) =>
        {
            await window.SignInAtHomeAsync("bob");
            await window.OpenAsync("/connections");
        },
        ["connections"] = async (pages, window) =>
        {
            using var client = await TestClient.RegisterAsync(pages.Server, ("client_name", LongName));
            await client.SignInAsync();
            await window.SignInAtHomeAsync();
            await window.OpenAsync("/connections");
            await Expect(window.Page.GetByText("An application <i>whose</i> makers").First).ToBeVisibleAsync();
        },
        ["application to be disconnected"] = async (pages, window) =>
        {
            using var client = await TestClient.RegisterAsync(pages.Server, ("client_name", LongName));
            await client.SignInAsync();
            await window.SignInAtHomeAsync();
            await window.OpenAsync($"/connections/disconnect?client={client.Id}");
            await Expect(window.Button("Disconnect")).ToBeVisibleAsync();
        },
        ["connections of an account at a provider"] = async (_, window) =>
        {
            var upstream = await UpstreamServer.GitHubAsync();
            window.Owns(upstream);
            await window.OpenAsync(upstream.Server.Issuer + "/connections");
            await window.PressAsync("Sign in with GitHub");
            await Expect(window.Button("Unlink GitHub")).ToBeVisibleAsync();
        },
        ["consent before the way to a provider"] = async (_, window) =>
        {
            var upstream = await UpstreamServer.GitHubAsync();
            window.Owns(upstream);
            using var client = await TestClient.RegisterAsync(upstream.Server);
            await window.OpenAsync(upstream.Server.Issuer + client.AuthorizationUrl());
            await Expect(window.Button("Allow")).ToBeVisibleAsync();
        },
        ["consent for a program on this computer"] = (pages, window) => AskAsync(pages, window),
        ["consent for a web application"] = (pages, window) =>
            AskAsync(pages, window, ("redirect_uris", new JsonArray("https://app.example/callback"))),
        ["consent for an application with a long name"] = (pages, window) =>
            AskAsync(
                pages,
                window,
                ("client_name", LongName),
                ("redirect_uris", new JsonArray($"https://{new string('a', 60)}.{new string('b', 60)}.example/callback"))
            ),
        ["consent with scopes of many tools"] = async (_, window) =>
        {
            var server = await TestServer.StartAsync(ToolsOfOthers.Add);
            window.Owns(server);
            using var client = await TestClient.RegisterAsync(server);
            var every = string.Join(' ', ToolScopes.OfAll(server.App.Services.GetServices<McpServerTool>()));
            await window.AskAsync(server.Issuer + client.AuthorizationUrl(("scope", every)));
        },
        ["consent for an application of the operator"] = async (pages, window) =>
        {
            using var client = pages.Portal();
            await window.AskAsync(client.AuthorizationUrl(("redirect_uri", ConfiguredServer.WebRedirectUri)));
        },
        ["consent for a program of the operator"] = async (pages, window) =>
        {
            using var client = pages.Desktop();
            await window.AskAsync(client.AuthorizationUrl(), PageServer.LongName);
        },
        ["consent for an application with a document"] = async (pages, window) =>
        {
            const string Callback = "https://app.example/callback";
            using var client = pages.Described(Callback);
            await window.AskAsync(client.AuthorizationUrl(("redirect_uri", Callback)));
        },
        ["administration of accounts"] = (_, window) => AdministerAsync(window, "/admin?notice=no-such-user"),
        ["administration of an account"] = (_, window) =>
            AdministerAsync(window, "/admin/user?name=" + Uri.EscapeDataString(PageServer.LongName)),
        ["administration of applications"] = async (pages, window) =>
        {
            using var client = await TestClient.RegisterAsync(pages.Server, ("client_name", LongName));
            await AdministerAsync(window, "/admin/clients");
        },
        ["administration of grants"] = async (pages, window) =>
        {
            using var client = await TestClient.RegisterAsync(pages.Server, ("client_name", LongName));
            await client.SignInAsync();
            await AdministerAsync(window, "/admin/grants");
            await Expect(window.Page.GetByText(window.Words.Of("Revoke")).First).ToBeVisibleAsync();
        },
        ["audit trail"] = (_, window) => AdministerAsync(window, "/admin/audit"),
        ["question of the administration"] = (_, window) =>
            AdministerAsync(window, "/admin/act?what=delete-user&on=" + Uri.EscapeDataString(PageServer.LongName)),
        ["administration for somebody else"] = async (_, window) =>
        {
            await window.SignInAtHomeAsync("bob");
            await window.OpenAsync("/admin");
        },
        ["nothing"] = (_, window) => window.OpenAsync("/nowhere"),
        ["refusal"] = (_, window) => window.OpenAsync("/authorize?client_id=unknown"),
        ["refusal with a way back to the application"] = async (pages, window) =>
        {
            using var client = await TestClient.RegisterAsync(
                pages.Server,
                ("redirect_uris", new JsonArray("https://app.example/callback"))
            );
            await window.OpenAsync(client.AuthorizationUrl(("redirect_uri", "https://app.example/callback"), ("response_type", "token")));
        },
        ["question of another browser"] = async (pages, window) =>
        {
            using var client = await TestClient.RegisterAsync(pages.Server);
            using var other = await pages.Server.AskAsync(client);
            await window.OpenAsync(other.Location.PathAndQuery);
        },
    };

    public static TheoryData<string> Names { get; } = [.. Ways.Keys];

    public static async Task OpenAsync(this ChromiumWindow window, PageServer pages, string name)
    {
        await Ways[name](pages, window);
        await window.Page.WaitForLoadStateAsync();
    }

    private static async Task EnterPasswordAsync(PageServer pages, ChromiumWindow window)
    {
        var name = await pages.AddAccountWithCodeAsync();
        await window.OpenAsync("/signin");
        await window.SignInAsync(name);
        await Expect(window.Page.GetByLabel(window.Words.Of("Code"))).ToBeVisibleAsync();
    }

    private static async Task AdministerAsync(ChromiumWindow window, string page)
    {
        await window.SignInAtHomeAsync(PageServer.LongName);
        await window.OpenAsync(page);
        await Expect(window.Page.Locator("h1")).ToBeVisibleAsync();
    }

    private static async Task SetUpAsync(PageServer pages, ChromiumWindow window)
    {
        await window.SignInAtHomeAsync(await pages.AddAccountAsync());
        await window.OpenAsync("/account/authenticator");
        await window.Page.Locator("#code").FillAsync(pages.CodeOf(await window.Page.Locator("#key").InnerTextAsync()));
        await window.PressAsync("Turn on");
        await Expect(window.Page.Locator(".codes")).ToBeVisibleAsync();
    }

    private static async Task AddPasskeyAsync(ChromiumWindow window)
    {
        await window.OpenAsync("/account");
        await window.Page.GetByLabel(window.Words.Of("Name of the new passkey")).FillAsync(new string('m', 64));
        await window.PressAsync("Add a passkey");
        await Expect(window.Page.GetByText(window.Words.Of("The passkey is added. You can sign in with it."))).ToBeVisibleAsync();
    }

    private static async Task AskAsync(PageServer pages, ChromiumWindow window, params (string Member, JsonNode? Value)[] members)
    {
        using var client = await TestClient.RegisterAsync(pages.Server, members);
        var redirectUri = members.FirstOrDefault(member => member.Member == "redirect_uris").Value is JsonArray uris
            ? (string)uris[0]!
            : TestClient.RedirectUri;
        await window.AskAsync(client.AuthorizationUrl(("redirect_uri", redirectUri)));
    }
}
