using NSubstitute;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Clients;

public sealed class ClientDirectoryTests
{
    private const string Url = "https://app.example/client.json";
    private readonly IMetadataDocuments documents = Substitute.For<IMetadataDocuments>();

    [Fact]
    public async Task Knows_a_configured_client_and_a_stored_one()
    {
        var configured = Given.Client("cli_configured", preRegistered: true);
        var directory = Directory(Given.Store(Given.Client()), configured);
        Assert.Same(configured, await directory.FindAsync("cli_configured", Given.Ct));
        Assert.Same(configured, Given.Served(await directory.ResolveAsync("cli_configured", Given.Ct)));
        Assert.Equal(Given.ClientId, (await directory.FindAsync(Given.ClientId, Given.Ct))!.Id);
        Assert.Equal(Given.ClientId, Given.Served(await directory.ResolveAsync(Given.ClientId, Given.Ct)).Id);
        Assert.Empty(documents.ReceivedCalls());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("cli_unknown")]
    [InlineData("CLI_APP")]
    [InlineData("cli_app ")]
    public async Task A_01_an_unknown_id_is_nobody(string? id)
    {
        var directory = Directory(Given.Store(Given.Client()));
        Assert.Null(await directory.FindAsync(id, Given.Ct));
        AssertUnknown(await directory.ResolveAsync(id, Given.Ct));
    }

    [Fact]
    public async Task Does_not_look_for_an_id_that_no_client_can_have()
    {
        var store = Given.Store();
        var endless = Url.PadRight(2049, 'a');
        Assert.Null(await Directory(store).FindAsync(endless, Given.Ct));
        AssertUnknown(await Directory(store).ResolveAsync(endless, Given.Ct));
        Assert.Empty(store.ReceivedCalls());
    }

    [Fact]
    public async Task A_disabled_client_is_nobody()
    {
        var directory = Directory(Given.Store(Given.Client(disabledAt: Given.Now)));
        Assert.Null(await directory.FindAsync(Given.ClientId, Given.Ct));
        AssertUnknown(await directory.ResolveAsync(Given.ClientId, Given.Ct));
    }

    [Fact]
    public async Task M_22_a_configured_client_wins_over_a_stored_one_and_over_the_document_of_its_id()
    {
        var configured = Given.Client(Url, preRegistered: true);
        var store = Given.Store(Given.Client(Url) with { Origin = ClientOrigin.MetadataDocument, FreshUntil = Given.Now.AddDays(1) });
        Assert.Same(configured, await Directory(store, configured).FindAsync(Url, Given.Ct));
        Assert.Same(configured, Given.Served(await Directory(store, configured).ResolveAsync(Url, Given.Ct)));
        await AssertNothingFetchedOrStoredAsync(store);
    }

    [Fact]
    public async Task M_26_without_documents_their_clients_are_nobody_even_if_they_were_known()
    {
        var store = Given.Store(Given.Client(Url) with { Origin = ClientOrigin.MetadataDocument, FreshUntil = Given.Now.AddDays(1) });
        var directory = Directory(store, null, []);
        Assert.Null(await directory.FindAsync(Url, Given.Ct));
        AssertUnknown(await directory.ResolveAsync(Url, Given.Ct));
        await AssertNothingFetchedOrStoredAsync(store);
    }

    [Theory]
    [InlineData("https://other.example/client.json")]
    [InlineData("https://sub.app.example/client.json")]
    [InlineData("https://app.example.evil.example/client.json")]
    public async Task M_23_a_list_of_hosts_keeps_every_other_away_without_a_fetch(string url)
    {
        var store = Given.Store(Given.Client(url) with { Origin = ClientOrigin.MetadataDocument, FreshUntil = Given.Now.AddDays(1) });
        var directory = Directory(store, new MetadataDocumentPolicy(["app.example"], false), []);
        Assert.Null(await directory.FindAsync(url, Given.Ct));
        AssertUnknown(await directory.ResolveAsync(url, Given.Ct));
        await AssertNothingFetchedOrStoredAsync(store);
    }

    [Theory]
    [InlineData("https://app.example/client.json")]
    [InlineData("https://App.Example:8443/client.json")]
    public async Task M_23_a_listed_host_is_asked(string url)
    {
        documents.FetchAsync(url, Arg.Any<CancellationToken>()).Returns(OAuthError.InvalidClientMetadata("gone"));
        await Directory(Given.Store(), new MetadataDocumentPolicy(["app.example"], false), []).ResolveAsync(url, Given.Ct);
        await documents.Received(1).FetchAsync(url, Arg.Any<CancellationToken>());
    }

    [Theory]
    [InlineData("http://app.example/client.json")]
    [InlineData("https://app.example")]
    [InlineData("https://app.example/client.json?x=1")]
    [InlineData("https://user@app.example/client.json")]
    [InlineData("https://127.0.0.1/client.json")]
    [InlineData("https://localhost/client.json")]
    [InlineData("https://app.example:99999/client.json")]
    public async Task M_01_to_M_04_nothing_is_fetched_for_an_id_that_is_no_such_URL(string url)
    {
        var store = Given.Store();
        AssertUnknown(await Directory(store).ResolveAsync(url, Given.Ct));
        await AssertNothingFetchedOrStoredAsync(store);
    }

    private ClientDirectory Directory(IClientStore store, params Client[] configured) =>
        Directory(store, new MetadataDocumentPolicy([], false), configured);

    private ClientDirectory Directory(IClientStore store, MetadataDocumentPolicy? policy, Client[] configured) =>
        new(
            store,
            documents,
            new MetClients(),
            Given.Settings with
            {
                MetadataDocuments = policy,
                Clients = configured.ToDictionary(client => client.Id),
            },
            TimeProvider.System
        );

    private static void AssertUnknown(Result<Client> result)
    {
        var refusal = Given.Refusal(result);
        Assert.Equal(("invalid_request", "client_id names no registered client."), (refusal.Code, refusal.Description));
    }

    private async Task AssertNothingFetchedOrStoredAsync(IClientStore store)
    {
        Assert.Empty(documents.ReceivedCalls());
        await store.DidNotReceiveWithAnyArgs().ReplaceAsync(null!, Given.Ct);
        await store.DidNotReceiveWithAnyArgs().TryAddAsync(null!, 0, Given.Ct);
    }
}
