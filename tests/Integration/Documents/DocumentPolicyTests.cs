using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Documents;

/// <summary>What an operator says about documents, and what a user is shown of a client that has one.</summary>
public sealed class DocumentPolicyTests(SharedDocuments shared) : IClassFixture<SharedDocuments>
{
    private const string Switch = "OAuth:ClientMetadataDocuments";
    private readonly TestServer server = shared.Server;
    private readonly DocumentHost host = shared.Host;

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    [InlineData(null)]
    public async Task M_03_loopback_is_for_development_alone(string? environment)
    {
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() =>
            TestServer.StartAsync([("environment", environment!), ($"{Switch}:AllowLoopback", "true")])
        );
        Assert.Contains($"{Switch}:AllowLoopback", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("app.localhost")]
    public async Task M_03_takes_no_document_from_this_machine_unless_told_to(string name)
    {
        await using var own = await TestServer.StartAsync(("environment", "Development"));
        var before = host.Connections;
        await own.AssertRefusesDescribedAsync($"https://{name}:{host.Port}/client.json");
        Assert.Equal(before, host.Connections);
    }

    [Fact]
    public async Task M_22_a_configured_client_wins_over_a_document()
    {
        var url = host.NewUrl();
        host.Answer(url, DocumentHost.Document(url, ("redirect_uris", new JsonArray("https://other.example/callback"))).ToJsonString());
        await using var own = await SharedDocuments.StartServerAsync(
            ("OAuth:Clients:0:ClientId", url),
            ("OAuth:Clients:0:RedirectUris:0", TestClient.RedirectUri)
        );
        await own.AssertAcceptsDescribedAsync(url);
        Assert.Equal(0, host.Fetches(url));
    }

    [Fact]
    public async Task M_22_an_operator_can_disable_a_described_client()
    {
        var url = host.Publish();
        using (var client = server.Described(url))
            await client.SignInAsync();
        await server.DisableClientAsync(url);
        await server.AssertRefusesDescribedAsync(url);
        server.Clock.Advance(TimeSpan.FromHours(1));
        await server.AssertRefusesDescribedAsync(url);
        Assert.Equal(1, host.Fetches(url));
    }

    [Fact]
    public async Task M3_a_document_fills_no_store_until_its_user_has_allowed_it()
    {
        Task<int> CountAsync() => server.InDatabaseAsync(db => db.Clients.CountAsync(TestContext.Current.CancellationToken));
        var before = await CountAsync();
        for (var i = 0; i < 5; i++)
            await server.AssertAcceptsDescribedAsync(host.Publish());
        var url = host.Publish();
        using var denied = server.Described(url);
        using var browser = server.Browser();
        await (await browser.OpenAsync(denied.AuthorizationUrl())).SignInAsync();
        await browser.SubmitAsync("Deny");
        Assert.Equal(before, await CountAsync());

        await denied.SignInAsync();
        Assert.Equal(before + 1, await CountAsync());
    }

    [Fact]
    public async Task M_23_asks_no_host_that_is_not_on_the_list()
    {
        await using var own = await SharedDocuments.StartServerAsync(
            ($"{Switch}:AllowedHosts:0", "other.example"),
            ($"{Switch}:AllowedHosts:1", "127.0.0.1")
        );
        var before = host.Connections;
        await own.AssertRefusesDescribedAsync(host.Publish());
        Assert.Equal(before, host.Connections);
    }

    [Fact]
    public async Task M_23_asks_a_host_that_is_on_the_list()
    {
        await using var own = await SharedDocuments.StartServerAsync(($"{Switch}:AllowedHosts:0", "LocalHost"));
        await own.AssertAcceptsDescribedAsync(host.Publish());
    }

    [Fact]
    public async Task M_24_warns_of_a_client_that_any_program_here_can_be()
    {
        using var browser = server.Browser();
        using var client = server.Described(host.Publish(("client_name", "Famous <b>client</b>")));
        await (await browser.OpenAsync(client.AuthorizationUrl())).SignInAsync();
        Assert.Equal("127.0.0.1:7777", browser.Page!.QuerySelector(".host")?.TextContent);
        Assert.Contains("a program on this computer", browser.Text, StringComparison.Ordinal);
        Assert.Contains(
            "Any program on this computer can ask in this name",
            browser.Page.QuerySelector(".warning")?.TextContent,
            StringComparison.Ordinal
        );
        Assert.Contains("described by localhost", browser.Text, StringComparison.Ordinal);
        Assert.Contains("Famous <b>client</b>", browser.Text, StringComparison.Ordinal); // as text
        Assert.Contains(client.Id, browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task M_24_names_the_host_of_a_client_on_the_web()
    {
        using var browser = server.Browser();
        using var client = server.Described(host.Publish(("redirect_uris", new JsonArray("https://app.example/callback"))));
        await (await browser.OpenAsync(client.AuthorizationUrl(("redirect_uri", "https://app.example/callback")))).SignInAsync();
        Assert.Equal("app.example", browser.Page!.QuerySelector(".host")?.TextContent);
        Assert.DoesNotContain("on this computer", browser.Text, StringComparison.Ordinal);
        Assert.Contains("know app.example", browser.Page.QuerySelector(".warning")?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task U_13_takes_a_developers_own_links_and_says_which_member_is_at_fault()
    {
        var own = $"https://localhost:{host.Port}/about";
        await server.AssertAcceptsDescribedAsync(host.Publish(("client_uri", own), ("logo_uri", own), ("jwks_uri", own)));

        using var response = await server.AuthorizeDescribedAsync(host.Publish(("logo_uri", "http://localhost/logo.png")));
        var page = await response.AssertPageAsync();
        Assert.Contains(
            "logo_uri must be an https URL of a public host.",
            page.QuerySelector("main")!.TextContent,
            StringComparison.Ordinal
        );
        await server.Log.NextAsync(line => line.Contains("logo_uri", StringComparison.Ordinal));
    }

    [Fact]
    public async Task M_26_a_URL_is_nobody_where_documents_are_switched_off()
    {
        await using var own = await SharedDocuments.StartServerAsync(($"{Switch}:Enabled", "false"));
        var before = host.Connections;
        await own.AssertRefusesDescribedAsync(host.Publish());
        Assert.Equal(before, host.Connections);
        Assert.False(await AdvertisesAsync(own));
        Assert.True(await AdvertisesAsync(server));
    }

    [Fact]
    public async Task M_26_a_described_client_ends_when_documents_are_switched_off()
    {
        var own = await SharedDocuments.StartServerAsync();
        using var client = own.Described(host.Publish());
        var (_, refresh) = await client.SignInAsync();
        await own.StopAsync();

        await using var again = await TestServer.StartAsync(own.DataDirectory, own.Address.Port, ($"{Switch}:Enabled", "false"));
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(401, "invalid_client");
    }

    private static async Task<bool> AdvertisesAsync(TestServer server)
    {
        using var http = server.Http();
        using var response = await http.GetAsync("/.well-known/oauth-authorization-server", TestContext.Current.CancellationToken);
        return (bool?)(await response.JsonAsync())["client_id_metadata_document_supported"] ?? false;
    }
}
