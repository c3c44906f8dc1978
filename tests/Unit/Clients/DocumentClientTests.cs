using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Clients;

/// <summary>When the document of a client is read, and what stays of it.</summary>
public sealed class DocumentClientTests
{
    private const string Url = "https://app.example/client.json";
    private static readonly ClientMetadata Document = new()
    {
        ClientId = Url,
        ClientName = "App",
        RedirectUris = [Given.Callback],
    };

    private readonly IMetadataDocuments documents = Substitute.For<IMetadataDocuments>();
    private readonly IClientStore store = Substitute.For<IClientStore>();
    private readonly MetClients met = new();
    private readonly FakeTimeProvider clock = new(Given.Now);

    public DocumentClientTests()
    {
        Publish(Document);
        store
            .ReplaceAsync(
                Arg.Do<Client>(client => store.FindAsync(Url, Arg.Any<CancellationToken>()).Returns(client)),
                Arg.Any<CancellationToken>()
            )
            .Returns(Task.CompletedTask);
    }

    [Fact]
    public async Task Keeps_what_the_document_says_and_for_how_long()
    {
        var client = Given.Served(await ResolveAsync());
        Assert.Equal(
            (Url, "App", ClientOrigin.MetadataDocument, Given.Now, Given.Now.AddMinutes(5)),
            (client.Id, client.Name, client.Origin, client.CreatedAt, client.FreshUntil)
        );
    }

    [Fact]
    public async Task M3_stores_nothing_until_a_user_has_allowed_it()
    {
        var client = Given.Served(await ResolveAsync());
        Assert.Equal(client, await Directory.FindAsync(Url, Given.Ct));
        await store.DidNotReceiveWithAnyArgs().ReplaceAsync(null!, Given.Ct);
        await Directory.KeepAsync(client, Given.Ct);
        await Directory.KeepAsync(client, Given.Ct);
        await store.Received(1).ReplaceAsync(client, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task M3_stores_what_a_document_says_anew_of_a_client_that_is_stored()
    {
        await Directory.KeepAsync(Given.Served(await ResolveAsync()), Given.Ct);
        clock.Advance(TimeSpan.FromMinutes(6));
        Publish(Document with { ClientName = "App 2" });
        var client = Given.Served(await ResolveAsync());
        await store.Received(1).ReplaceAsync(client, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task M3_reads_a_document_again_where_another_process_met_its_user()
    {
        Assert.Equal("App", (await Directory.RecallAsync(Url, Given.Ct))!.Name);
        Assert.Equal("App", (await Directory.RecallAsync(Url, Given.Ct))!.Name);
        await AssertFetchedAsync(1);
    }

    [Fact]
    public async Task M3_forgets_the_one_met_longest_ago_and_first_of_the_same_host()
    {
        await ResolveAsync();
        for (var i = 0; i < 150; i++)
            met.Remember(Given.Client($"https://flood.example/{i}"));
        Assert.Null(met.Find("https://flood.example/49"));
        Assert.NotNull(met.Find("https://flood.example/50"));
        Assert.NotNull(met.Find(Url));
        for (var i = 0; i < 1_000; i++)
            met.Remember(Given.Client($"https://host-{i}.example/c"));
        Assert.Null(met.Find(Url));
        Assert.NotNull(met.Find("https://host-0.example/c"));
    }

    [Fact]
    public async Task M_17_reads_a_document_again_when_its_time_is_over_and_not_before()
    {
        await ResolveAsync();
        clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        await ResolveAsync();
        await AssertFetchedAsync(1);
        clock.Advance(TimeSpan.FromTicks(1));
        Publish(Document with { ClientName = "App 2" });
        var client = Given.Served(await ResolveAsync());
        await AssertFetchedAsync(2);
        Assert.Equal(("App 2", Given.Now, Given.Now.AddMinutes(10)), (client.Name, client.CreatedAt, client.FreshUntil));
    }

    [Fact]
    public async Task M_17_reads_a_document_each_time_that_must_not_be_kept()
    {
        Publish(Document, TimeSpan.Zero);
        await ResolveAsync();
        await ResolveAsync();
        await AssertFetchedAsync(2);
    }

    [Fact]
    public async Task R_22_counts_as_last_seen_when_its_document_is_gone()
    {
        await ResolveAsync();
        documents.ClearReceivedCalls();
        Fail();
        clock.Advance(TimeSpan.FromDays(60));
        Assert.Equal("App", (await Directory.FindAsync(Url, Given.Ct))!.Name);
        await AssertFetchedAsync(0);
    }

    [Fact]
    public async Task R_22_meets_no_user_when_its_document_is_gone()
    {
        await ResolveAsync();
        store.ClearReceivedCalls();
        Fail();
        clock.Advance(TimeSpan.FromDays(1));
        AssertUnusable("The document cannot be fetched.", await ResolveAsync());
        await store.DidNotReceiveWithAnyArgs().ReplaceAsync(null!, Given.Ct);
    }

    [Fact]
    public async Task M4_counts_as_last_seen_for_a_day_while_its_host_does_not_answer()
    {
        var known = Given.Served(await ResolveAsync());
        documents.FetchAsync(Url, Arg.Any<CancellationToken>()).Returns(OAuthError.TemporarilyUnavailable() with { Detail = "no answer" });
        clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromHours(24) - TimeSpan.FromTicks(1));
        Assert.Equal(known, Given.Served(await ResolveAsync()));
        clock.Advance(TimeSpan.FromTicks(1));
        AssertUnusable("no answer", await ResolveAsync());
    }

    [Fact]
    public async Task M4_is_nobody_when_the_host_of_a_document_that_was_never_read_does_not_answer()
    {
        documents.FetchAsync(Url, Arg.Any<CancellationToken>()).Returns(OAuthError.TemporarilyUnavailable() with { Detail = "no answer" });
        AssertUnusable("no answer", await ResolveAsync());
    }

    [Fact]
    public async Task U_13_tells_a_developer_which_member_is_at_fault()
    {
        Publish(Document with { LogoUri = "http://app.example/logo.png" });
        var refusal = Given.Refusal(await DirectoryWith("cursor", allowLoopback: true).ResolveAsync(Url, Given.Ct));
        Assert.Equal(
            "The application's metadata document cannot be used: logo_uri must be an https URL of a public host.",
            refusal.Description
        );
        AssertUnusable("logo_uri must be an https URL of a public host.", await ResolveAsync());
    }

    [Fact]
    public async Task U_13_takes_links_to_this_machine_in_development_alone()
    {
        Publish(
            Document with
            {
                ClientUri = "https://localhost:3000/",
                LogoUri = "https://127.0.0.1:3000/logo.png",
                JwksUri = "https://localhost:3000/keys",
            }
        );
        Given.Served(await DirectoryWith("cursor", allowLoopback: true).ResolveAsync(Url, Given.Ct));
        clock.Advance(TimeSpan.FromMinutes(6));
        Publish(Document with { ClientUri = "https://10.0.0.1/" });
        Given.Refusal(await DirectoryWith("cursor", allowLoopback: true).ResolveAsync(Url, Given.Ct));
        Publish(Document with { ClientUri = "https://localhost:3000/" });
        AssertUnusable("client_uri must be an https URL of a public host.", await ResolveAsync());
    }

    [Fact]
    public async Task A_document_that_nobody_has_met_yet_is_not_known() => Assert.Null(await Directory.FindAsync(Url, Given.Ct));

    [Fact]
    public async Task M_12_stores_nothing_of_a_document_that_names_another()
    {
        Publish(Document with { ClientId = "https://bank.example/client.json" });
        AssertUnusable("client_id differs from the URL of the document.", await ResolveAsync());
        await store.DidNotReceiveWithAnyArgs().ReplaceAsync(null!, Given.Ct);
    }

    [Fact]
    public async Task M_15_tells_the_log_alone_which_rule_a_redirect_uri_broke()
    {
        Publish(Document with { RedirectUris = ["http://app.example/cb"] });
        AssertUnusable("redirect_uris[0] is refused: plain http to a host that is not loopback.", await ResolveAsync());
    }

    [Fact]
    public async Task Knows_the_schemes_that_the_operator_lists()
    {
        Publish(Document with { RedirectUris = ["myapp:/cb"] });
        AssertUnusable("redirect_uris[0] is refused: a scheme that is neither known nor a reverse domain name.", await ResolveAsync());
        Given.Served(await DirectoryWith("myapp").ResolveAsync(Url, Given.Ct));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_disabled_client_stays_nobody_whatever_its_document_says(int freshForMinutes)
    {
        store
            .FindAsync(Url, Arg.Any<CancellationToken>())
            .Returns(
                Given.Client(Url, disabledAt: Given.Now) with
                {
                    Origin = ClientOrigin.MetadataDocument,
                    FreshUntil = Given.Now.AddMinutes(freshForMinutes),
                }
            );
        Assert.Equal("client_id names no registered client.", Given.Refusal(await ResolveAsync()).Description);
        Assert.Null(await Directory.FindAsync(Url, Given.Ct));
        await AssertFetchedAsync(0);
        await store.DidNotReceiveWithAnyArgs().ReplaceAsync(null!, Given.Ct);
    }

    private ClientDirectory Directory => DirectoryWith("cursor");

    private ClientDirectory DirectoryWith(string scheme, bool allowLoopback = false) =>
        new(
            store,
            documents,
            met,
            Given.Settings with
            {
                MetadataDocuments = new MetadataDocumentPolicy([], allowLoopback),
                PrivateUseSchemes = [scheme],
            },
            clock
        );

    private Task<Result<Client>> ResolveAsync() => Directory.ResolveAsync(Url, Given.Ct);

    private void Publish(ClientMetadata document, TimeSpan? freshFor = null) =>
        documents
            .FetchAsync(Url, Arg.Any<CancellationToken>())
            .Returns(new MetadataDocument(document, freshFor ?? TimeSpan.FromMinutes(5)));

    private void Fail() =>
        documents
            .FetchAsync(Url, Arg.Any<CancellationToken>())
            .Returns(OAuthError.InvalidClientMetadata("The document cannot be fetched."));

    private async Task AssertFetchedAsync(int times) => await documents.Received(times).FetchAsync(Url, Arg.Any<CancellationToken>());

    private static void AssertUnusable(string detail, Result<Client> result)
    {
        var refusal = Given.Refusal(result);
        Assert.Equal(
            ("invalid_request", "The application's metadata document cannot be used.", detail),
            (refusal.Code, refusal.Description, refusal.Detail)
        );
    }
}
