using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Documents;

/// <summary>For how long a document is taken at its word, and what becomes of tokens when it changes.</summary>
public sealed class DocumentFreshnessTests(SharedDocuments shared) : IClassFixture<SharedDocuments>
{
    private readonly TestServer server = shared.Server;
    private readonly DocumentHost host = shared.Host;

    [Theory]
    [InlineData("no-store")]
    [InlineData("no-cache")]
    [InlineData("max-age=0")]
    [InlineData("no-store, max-age=3600")]
    public async Task M_17_looks_again_at_once_where_the_document_says_so(string cacheControl)
    {
        var url = Publish(cacheControl);
        await server.AssertAcceptsDescribedAsync(url);
        await server.AssertAcceptsDescribedAsync(url);
        Assert.Equal(2, host.Fetches(url));
    }

    [Theory]
    [InlineData("max-age=3600", 3600)]
    [InlineData("public, max-age=60", 60)]
    [InlineData("max-age=9999999", 86400)]
    [InlineData(null, 300)]
    public async Task M_17_looks_again_when_the_document_is_no_longer_fresh(string? cacheControl, int seconds)
    {
        var url = Publish(cacheControl);
        await server.AssertAcceptsDescribedAsync(url);
        server.Clock.Advance(TimeSpan.FromSeconds(seconds - 2));
        await server.AssertAcceptsDescribedAsync(url);
        Assert.Equal(1, host.Fetches(url));

        server.Clock.Advance(TimeSpan.FromSeconds(4));
        await server.AssertAcceptsDescribedAsync(url);
        Assert.Equal(2, host.Fetches(url));
    }

    [Fact]
    public async Task M_17_one_sign_in_looks_once_even_at_a_document_that_must_not_be_kept()
    {
        var url = Publish("no-store");
        using var client = server.Described(url);
        var (_, refresh) = await client.SignInAsync();
        (await client.RefreshAsync(refresh)).EnsureSuccessStatusCode();
        Assert.Equal(1, host.Fetches(url));
    }

    [Fact]
    public async Task M_17_a_changed_document_counts_from_the_next_sign_in_on()
    {
        var url = Publish("no-store");
        await server.AssertAcceptsDescribedAsync(url);
        host.Answer(url, DocumentHost.Document(url, ("redirect_uris", new JsonArray("https://app.example/callback"))).ToJsonString());
        await server.AssertRefusesDescribedAsync(url); // its redirect_uri is no longer there

        host.Answer(url, DocumentHost.Document(url, ("client_name", "")).ToJsonString());
        await server.AssertRefusesDescribedAsync(url);
    }

    [Fact]
    public async Task R_22_a_token_outlives_its_clients_document()
    {
        var url = Publish("max-age=60");
        using var client = server.Described(url);
        var (_, refresh) = await client.SignInAsync();

        host.Withdraw(url);
        server.Clock.Advance(TimeSpan.FromHours(2));
        using var answer = await client.RefreshAsync(refresh);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.True(await server.AcceptsAsync((string)(await answer.JsonAsync())["access_token"]!));
        Assert.Equal(1, host.Fetches(url));
        await server.AssertRefusesDescribedAsync(url); // a new sign-in needs to know who asks
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task M4_a_known_document_counts_on_for_a_day_while_its_host_does_not_answer(int status)
    {
        var url = Publish("max-age=60");
        using (var client = server.Described(url))
            await client.SignInAsync();
        host.Answer(url, http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        await server.AssertAcceptsDescribedAsync(url);
        Assert.Equal(2, host.Fetches(url));
        server.Clock.Advance(TimeSpan.FromHours(25));
        await server.AssertRefusesDescribedAsync(url);
    }

    [Fact]
    public async Task R_22_a_token_outlives_a_change_of_its_clients_document()
    {
        var url = Publish("max-age=60");
        using var client = server.Described(url);
        var (_, refresh) = await client.SignInAsync();

        host.Answer(
            url,
            DocumentHost
                .Document(url, ("redirect_uris", new JsonArray("https://app.example/callback")), ("client_name", "Another name"))
                .ToJsonString()
        );
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        using (
            var authorized = await client.Http.GetAsync(
                client.AuthorizationUrl(("redirect_uri", "https://app.example/callback")),
                TestContext.Current.CancellationToken
            )
        )
            authorized.AssertAccepted();
        Assert.Equal(2, host.Fetches(url));
        Assert.Equal(200, (int)(await client.RefreshAsync(refresh)).StatusCode);
    }

    private string Publish(string? cacheControl)
    {
        var url = host.NewUrl();
        return host.Answer(url, DocumentHost.Document(url).ToJsonString(), cacheControl: cacheControl);
    }
}
