using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Integration.Flows;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>Sign-in at a real OpenID provider, and its token in the tools' hands.</summary>
public sealed class OidcSignInTests
{
    private const string Secret = "the secret of this server at the provider";

    [Theory]
    [InlineData("2026-07-28", "RS256", "client_secret_basic")]
    [InlineData("2025-11-25", "ES256", "client_secret_post")]
    public async Task Official_client_signs_in_there_and_its_tools_carry_the_token_from_there(
        string revision,
        string algorithm,
        string authMethod
    )
    {
        Requires.OidcProvider();
        Requires.HttpBin();
        var answers = new List<string>();
        await using var bin = await HttpBin.StartAsync();
        await using var between = await StandIn.RecordingAsync(bin.Address, answers.Add);
        await using var walk = await Walk.StartAsync(new { algorithm }, authMethod, ("Downstream:BaseAddress", between.Address.ToString()));
        var tokens = new OfficialClient.Tokens();
        await using var client = await OfficialClient.ConnectAsync(walk.Server, walk.Browser, tokens, revision);

        Assert.NotEqual(true, (await client.MakeRequestAsync("hello")).IsError);
        var arrived = (string)JsonNode.Parse(Assert.Single(answers))!["headers"]!["Authorization"]!;
        Assert.DoesNotContain(tokens.Current!.AccessToken, Assert.Single(answers), StringComparison.Ordinal);

        // The provider knows it as the token of the one who signed in there.
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(arrived);
        var user = JsonNode.Parse(await http.GetStringAsync($"{walk.Provider.Issuer}/me", TestContext.Current.CancellationToken))!;
        Assert.Equal("ada", (string)user["sub"]!);
        var me = (await client.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken))
            .StructuredContent!
            .Value;
        Assert.Equal("ada@oidc", me.GetProperty("userName").GetString());
        Assert.StartsWith("usr_", me.GetProperty("subject").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task R_18_renews_an_expired_token_once_for_eight_calls_at_once()
    {
        Requires.OidcProvider();
        await using var api = await StandIn.StartAsync(StandIn.AnythingAsync);
        await using var walk = await Walk.StartAsync(
            new { },
            "client_secret_basic",
            ("Downstream:BaseAddress", api.Address.ToString()),
            ("OAuth:AccessTokenLifetime", "12:00:00")
        );
        await using var client = await OfficialClient.ConnectAsync(walk.Server, walk.Browser, new OfficialClient.Tokens());
        Assert.NotEqual(true, (await client.MakeRequestAsync("before")).IsError);

        walk.Server.Clock.Advance(TimeSpan.FromHours(2));
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(call => client.MakeRequestAsync($"call {call}")));
        Assert.All(results, result => Assert.NotEqual(true, result.IsError));
        Assert.Equal(1, walk.Provider.Served("refresh_token"));
        Assert.Single(api.Requests.Skip(1).Select(request => request.Authorization).Distinct());
        Assert.NotEqual(api.Requests.First().Authorization, api.Requests.Last().Authorization);
    }

    [Fact]
    public async Task X_03_names_the_page_to_link_on_once_the_account_is_unlinked_and_goes_on_after_it_was_linked_anew()
    {
        Requires.OidcProvider();
        await using var walk = await Walk.StartAsync(new { }, "client_secret_basic");
        var tokens = new OfficialClient.Tokens();
        await using var client = await OfficialClient.ConnectAsync(walk.Server, walk.Browser, tokens, "2025-11-25");
        var subject = (await client.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken))
            .StructuredContent!.Value.GetProperty("subject")
            .GetString()!;
        await using (var scope = walk.Server.App.Services.CreateAsyncScope())
            Assert.Null(
                (
                    await scope
                        .ServiceProvider.GetRequiredService<IMediator>()
                        .Send(new UnlinkAccountCommand(subject, "oidc"), TestContext.Current.CancellationToken)
                ).Error
            );

        var refused = await client.MakeRequestAsync("hello");
        Assert.True(refused.IsError);
        Assert.Contains($"{walk.Server.Issuer}/connections", refused.TextOf(), StringComparison.Ordinal);

        await walk.Browser.OpenAsync("/signin");
        await walk.Browser.SubmitAsync("Sign in with your organisation");
        Assert.NotEqual(true, (await client.MakeRequestAsync("hello")).IsError);
    }

    [Fact]
    public async Task F_41_provider_that_is_down_holds_up_nobody_who_is_signed_in()
    {
        Requires.OidcProvider();
        await using var walk = await Walk.StartAsync(new { }, "client_secret_basic");
        await using var client = await OfficialClient.ConnectAsync(walk.Server, walk.Browser, new OfficialClient.Tokens());
        await walk.Provider.KillAsync();
        Assert.NotEqual(true, (await client.MakeRequestAsync("hello")).IsError);

        walk.Server.Clock.Advance(TimeSpan.FromHours(2)); // the metadata is outdated, and the tokens are
        using var newcomer = await TestClient.RegisterAsync(walk.Server);
        using var browser = walk.NewBrowser();
        await browser.OpenAsync(newcomer.AuthorizationUrl());
        await browser.SubmitAsync("Allow");
        // what was known is still good for the way there
        Assert.Equal(walk.Provider.Issuer, browser.Location.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.BadGateway, await CallbackStatusAsync(walk, browser));
    }

    // The way back without the provider: the state is taken from where the browser was sent.
    private static async Task<HttpStatusCode> CallbackStatusAsync(Walk walk, TestBrowser browser)
    {
        var state = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(browser.Location.Query)["state"].ToString();
        await browser.OpenAsync(
            $"{walk.Server.Issuer}/signin/callback?state={state}&code=abc&iss={Uri.EscapeDataString(walk.Provider.Issuer)}"
        );
        return browser.Response.StatusCode;
    }

    private sealed class Walk(OidcProvider provider, TestServer server, TestBrowser browser) : IAsyncDisposable
    {
        public OidcProvider Provider => provider;
        public TestServer Server => server;
        public TestBrowser Browser => browser;

        public static async Task<Walk> StartAsync(object settings, string authMethod, params (string Key, string Value)[] configuration)
        {
            var port = TestServer.FreePort();
            var members = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(settings))!.AsObject();
            members["clients"] = new JsonArray(
                new JsonObject
                {
                    ["client_id"] = "oauthmcp",
                    ["client_secret"] = Secret,
                    ["redirect_uris"] = new JsonArray($"http://localhost:{port}/signin/callback"),
                    ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
                    ["token_endpoint_auth_method"] = authMethod,
                    ["application_type"] = "native",
                }
            );
            var provider = await OidcProvider.StartAsync(members);
            var server = await TestServer.StartAsync(
                TestServer.NewDataDirectory(),
                port,
                [
                    ("Upstream:Provider", "oidc"),
                    ("Upstream:BaseUrl", provider.Issuer),
                    ("Upstream:ClientId", "oauthmcp"),
                    ("Upstream:ClientSecret", Secret),
                    ("Upstream:Scopes", "openid profile email offline_access"),
                    ("Upstream:Parameters:prompt", "consent"),
                    ("Downstream:Token", "Upstream"),
                    .. configuration,
                ]
            );
            var walk = new Walk(provider, server, server.Browser());
            walk.Browser.Known.Add(provider.Issuer);
            return walk;
        }

        public TestBrowser NewBrowser() => server.Browser();

        public async ValueTask DisposeAsync()
        {
            browser.Dispose();
            await server.DisposeAsync();
            await provider.DisposeAsync();
        }
    }
}
