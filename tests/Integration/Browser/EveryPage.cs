using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;
using static Microsoft.Playwright.Assertions;

namespace OAuthMcp.Integration.Browser;

/// <summary>Every page that a person can come to, and the way there. What is true of all pages is tested on each of these.</summary>
internal static class EveryPage
{
    private const string LongName = "An application <i>whose</i> makers could not settle for one of its many-many-many-names-without-a-break-anywhere-at-all";

    private static readonly Dictionary<string, Func<ConfiguredServer, ChromiumWindow, Task>> Ways = new()
    {
        ["home"] = (_, window) => window.OpenAsync("/"),
        ["home of who is signed in"] = (_, window) => window.SignInAtHomeAsync(),
        ["sign-in"] = (_, window) => window.OpenAsync("/signin"),
        ["sign-in that failed"] = async (_, window) =>
        {
            await window.OpenAsync("/signin");
            await window.SignInAsync("alice", "wrong");
            await Expect(window.Alert).ToBeVisibleAsync();
        },
        ["sign-out"] = (_, window) => window.OpenAsync("/signout"),
        ["connections of who has none"] = async (_, window) =>
        {
            await window.SignInAtHomeAsync("bob");
            await window.OpenAsync("/connections");
        },
        ["connections"] = async (configured, window) =>
        {
            using var client = await TestClient.RegisterAsync(configured.Server, ("client_name", LongName));
            await client.SignInAsync();
            await window.SignInAtHomeAsync();
            await window.OpenAsync("/connections");
            await Expect(window.Page.GetByText("An application <i>whose</i> makers").First).ToBeVisibleAsync();
        },
        ["consent for a program on this computer"] = (configured, window) => AskAsync(configured, window),
        ["consent for a web application"] = (configured, window) => AskAsync(configured, window, ("redirect_uris", new JsonArray("https://app.example/callback"))),
        ["consent for an application with a long name"] = (configured, window) => AskAsync(configured, window,
            ("client_name", LongName), ("redirect_uris", new JsonArray($"https://{new string('a', 60)}.{new string('b', 60)}.example/callback"))),
        ["consent for an application of the operator"] = async (configured, window) =>
        {
            using var client = configured.Portal();
            await window.AskAsync(client.AuthorizationUrl(("redirect_uri", ConfiguredServer.WebRedirectUri)));
        },
        ["refusal"] = (_, window) => window.OpenAsync("/authorize?client_id=unknown"),
        ["refusal with a way back to the application"] = async (configured, window) =>
        {
            using var client = await TestClient.RegisterAsync(configured.Server, ("redirect_uris", new JsonArray("https://app.example/callback")));
            await window.OpenAsync(client.AuthorizationUrl(("redirect_uri", "https://app.example/callback"), ("response_type", "token")));
        },
        ["question of another browser"] = async (configured, window) =>
        {
            using var client = await TestClient.RegisterAsync(configured.Server);
            using var other = await configured.Server.AskAsync(client);
            await window.OpenAsync(other.Location.PathAndQuery);
        },
        ["answer that came twice"] = async (configured, window) =>
        {
            await AskAsync(configured, window);
            await using var tab = await window.OpenTabAsync(window.Page.Url);
            await tab.Page.RunAndWaitForRequestAsync(() => tab.PressAsync("Deny"), request => request.Url.StartsWith(TestClient.RedirectUri, StringComparison.Ordinal));
            await window.PressAsync("Deny");
            await Expect(window.Button("Deny")).ToHaveCountAsync(0);
        },
    };

    public static TheoryData<string> Names { get; } = [.. Ways.Keys];

    public static async Task OpenAsync(this ChromiumWindow window, ConfiguredServer configured, string name)
    {
        await Ways[name](configured, window);
        await window.Page.WaitForLoadStateAsync();
    }

    private static async Task AskAsync(ConfiguredServer configured, ChromiumWindow window, params (string Member, JsonNode? Value)[] members)
    {
        using var client = await TestClient.RegisterAsync(configured.Server, members);
        var redirectUri = members.FirstOrDefault(member => member.Member == "redirect_uris").Value is JsonArray uris ? (string)uris[0]! : TestClient.RedirectUri;
        await window.AskAsync(client.AuthorizationUrl(("redirect_uri", redirectUri)));
    }
}
