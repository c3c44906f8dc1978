using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Clients;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Documents;

/// <summary>How a document is fetched: from whom, how long, how often; and what is said of it when that fails.</summary>
public sealed class DocumentFetchTests(SharedDocuments shared) : IClassFixture<SharedDocuments>
{
    private readonly TestServer server = shared.Server;
    private readonly DocumentHost host = shared.Host;

    public static TheoryData<string> OwnNames => ["localhost", "127.0.0.1", System.Net.Dns.GetHostName()];

    [Theory]
    [MemberData(nameof(OwnNames))]
    public async Task M_03_M_06_connects_to_no_name_that_leads_to_this_machine(string name)
    {
        using var fetcher = new ClientMetadataFetcher(Settings(allowLoopback: false));
        var url = $"https://{name}:{host.Port}/client.json";
        var before = host.Connections;
        Assert.False((await fetcher.FetchAsync(url, TestContext.Current.CancellationToken)).Try(out _, out _));
        Assert.Null(await fetcher.FetchKeysAsync(url, TestContext.Current.CancellationToken));
        Assert.Equal(before, host.Connections);
    }

    [Fact]
    public async Task M_03_it_is_the_rule_that_keeps_it_from_connecting()
    {
        using var fetcher = new ClientMetadataFetcher(Settings(allowLoopback: true));
        Assert.True((await fetcher.FetchAsync(host.Publish(), TestContext.Current.CancellationToken)).Try(out _, out _));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task M_07_follows_no_redirect(int status)
    {
        var url = host.NewUrl();
        var target = host.NewUrl();
        host.Answer(target, DocumentHost.Document(url).ToJsonString());
        host.Answer(url, http =>
        {
            (http.Response.StatusCode, http.Response.Headers.Location) = (status, target);
            return Task.CompletedTask;
        });
        await server.AssertRefusesDescribedAsync(url);
        Assert.Equal(1, host.Fetches(url));
        Assert.Equal(0, host.Fetches(target));
    }

    [Theory]
    [InlineData(201)]
    [InlineData(203)]
    [InlineData(300)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task M_07_takes_no_answer_but_200(int status)
    {
        var url = host.NewUrl();
        host.Answer(url, http =>
        {
            (http.Response.StatusCode, http.Response.ContentType) = (status, "application/json");
            return http.Response.WriteAsync(DocumentHost.Document(url).ToJsonString());
        });
        await server.AssertRefusesDescribedAsync(url);
        Assert.Equal(1, host.Fetches(url));
    }

    [Fact]
    public async Task M_11_gives_up_after_5_seconds_in_all()
    {
        // One host says nothing at all, one lets its document drip, so that no single read takes long.
        var silent = host.Answer(host.NewUrl(), http =>
        {
            var hungUp = new TaskCompletionSource();
            http.RequestAborted.Register(hungUp.SetResult);
            return hungUp.Task;
        });
        var dripping = host.NewUrl();
        var body = DocumentHost.Document(dripping).ToJsonString();
        host.Answer(dripping, async http =>
        {
            http.Response.ContentType = "application/json";
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            for (var i = 0; i < body.Length && await timer.WaitForNextTickAsync(http.RequestAborted); i++)
                await http.Response.WriteAsync(body[i..(i + 1)], http.RequestAborted);
        });

        var watch = Stopwatch.StartNew();
        await Task.WhenAll(server.AssertRefusesDescribedAsync(silent), server.AssertRefusesDescribedAsync(dripping));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(4.9), TimeSpan.FromSeconds(15));
        Assert.True(body.Length > 200); // dripping on would have taken longer
    }

    [Fact]
    public async Task M_18_fetches_once_for_100_authorizations_at_the_same_time()
    {
        // The host takes its time, so that all of them are waiting before it answers: others get through meanwhile.
        var answers = new TaskCompletionSource();
        var url = host.NewUrl();
        host.Answer(url, async http =>
        {
            await answers.Task;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(DocumentHost.Document(url).ToJsonString());
        });
        var authorizations = Task.WhenAll(Enumerable.Range(0, 100).Select(_ => server.AssertAcceptsDescribedAsync(url)));
        for (var i = 0; i < 5; i++)
            await server.AssertAcceptsDescribedAsync(host.Publish());
        answers.SetResult();
        await authorizations;
        Assert.Equal(1, host.Fetches(url));
    }

    [Fact]
    public async Task M_18_asks_once_in_a_while_for_a_document_that_is_not_there()
    {
        var url = host.NewUrl();
        await server.AssertRefusesDescribedAsync(url);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.AssertRefusesDescribedAsync(url)));
        Assert.Equal(1, host.Fetches(url));
    }

    [Fact]
    public async Task M_18_a_peer_that_brings_one_URL_after_another_is_told_to_wait()
    {
        await using var own = await SharedDocuments.StartServerAsync(("Limits:AuthorizePerMinute", "3"));
        for (var i = 0; i < 3; i++)
            await own.AssertAcceptsDescribedAsync(host.Publish());
        var before = host.Connections;
        using var response = await own.AuthorizeDescribedAsync(host.Publish());
        await response.AssertPageAsync(429);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Equal(before, host.Connections);
    }

    [Fact]
    public async Task M_19_trusts_a_host_with_a_good_certificate_alone()
    {
        async Task AssertAsync(X509Certificate2 certificate, bool accepted)
        {
            await using var other = await DocumentHost.StartAsync(certificate);
            var url = other.Publish();
            if (accepted)
                await server.AssertAcceptsDescribedAsync(url);
            else
                await server.AssertRefusesDescribedAsync(url);
            Assert.Equal(accepted ? 1 : 0, other.Fetches(url));
            Assert.Equal(1, other.Connections);
        }

        await AssertAsync(TestAuthority.Issue("localhost"), accepted: true);
        await AssertAsync(TestAuthority.SelfIssued("localhost"), accepted: false);
        await AssertAsync(TestAuthority.Issue("localhost", validFromDay: -20, validToDay: -1), accepted: false);
        await AssertAsync(TestAuthority.Issue("localhost", validFromDay: 1, validToDay: 2), accepted: false);
        await AssertAsync(TestAuthority.Issue("other.example"), accepted: false);
        await AssertAsync(TestAuthority.Issue("127.0.0.1"), accepted: false);
    }

    [Fact]
    public async Task M_21_every_failure_reads_the_same_and_tells_nothing_of_the_network()
    {
        var talkative = host.Answer(host.NewUrl(), http =>
        {
            (http.Response.StatusCode, http.Response.Headers.Server) = (500, "internal-banner/1.2.3");
            return http.Response.WriteAsync("internal body of 10.0.0.7");
        });
        var nobody = $"https://localhost:{TestServer.FreePort()}/client.json";
        await using var untrusted = await DocumentHost.StartAsync(TestAuthority.SelfIssued("localhost"));
        var pages = new List<string>();
        foreach (var url in new[] { talkative, nobody, untrusted.Publish(), host.NewUrl() })
        {
            using var response = await server.AuthorizeDescribedAsync(url);
            var page = await response.AssertPageAsync();
            foreach (
                var inside in new[]
                {
                    "internal",
                    "10.0.0.7",
                    "127.0.0.1",
                    "localhost",
                    new Uri(url).Port.ToString(null, null),
                    "refused",
                    "certificate",
                    "SSL",
                    "500",
                    "404",
                }
            )
                Assert.DoesNotContain(
                    inside,
                    page.QuerySelector("main")!
                        .TextContent.Replace(Reference(page), "", StringComparison.Ordinal)
                        .Replace(server.Address.Authority, "", StringComparison.Ordinal), // where the person is
                    StringComparison.OrdinalIgnoreCase
                );
            pages.Add(page.QuerySelector("main")!.TextContent.Replace(Reference(page), "", StringComparison.Ordinal));
        }

        Assert.Single(pages.Distinct());
    }

    [Fact]
    public async Task M4_a_slow_host_takes_two_places_and_leaves_the_others_theirs()
    {
        using var fetcher = new ClientMetadataFetcher(Settings(allowLoopback: true));
        await using var slow = await DocumentHost.StartAsync();
        var (open, asked) = (new TaskCompletionSource(), 0);
        var watch = Stopwatch.StartNew();
        var waiting = Enumerable
            .Range(0, 12)
            .Select(_ => slow.Answer(slow.NewUrl(), _ =>
                {
                    Interlocked.Increment(ref asked);
                    return open.Task;
                }))
            .Select(url => fetcher.FetchAsync(url, TestContext.Current.CancellationToken))
            .ToList();
        Assert.True((await fetcher.FetchAsync(host.Publish(), TestContext.Current.CancellationToken)).Try(out _, out _));

        // Ten of them are refused long before the two could be given up.
        for (var refused = 0; refused < 10; refused++)
        {
            var first = await Task.WhenAny(waiting);
            Assert.Equal("temporarily_unavailable", (await first).Error?.Code);
            waiting.Remove(first);
        }

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4.9));
        Assert.Equal(2, asked);
        open.SetResult();
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task M4_slow_hosts_share_two_places_for_a_while()
    {
        using var fetcher = new ClientMetadataFetcher(Settings(allowLoopback: true));
        await using var other = await DocumentHost.StartAsync();
        await using var third = await DocumentHost.StartAsync();
        var asked = 0;
        Task<Result<MetadataDocument>>[] Ask() =>
            [.. new[] { host, other, third }.Select(slow => fetcher.FetchAsync(slow.Answer(slow.NewUrl(), http =>
                        {
                            Interlocked.Increment(ref asked);
                            var hungUp = new TaskCompletionSource();
                            http.RequestAborted.Register(hungUp.SetResult);
                            return hungUp.Task;
                        }), TestContext.Current.CancellationToken))];
        await Task.WhenAll(Ask());
        Assert.Equal(3, asked);
        await Task.WhenAll(Ask());
        Assert.Equal(5, asked);
    }

    private static string Reference(AngleSharp.Html.Dom.IHtmlDocument page) => page.QuerySelector("main code")!.TextContent;

    private static OAuthSettings Settings(bool allowLoopback) =>
        new OAuthOptions().Read(
            "http://localhost:1",
            Scopes,
            Scopes,
            openAuthorizations: 0,
            isLocal: true,
            isDevelopment: true,
            new FoundFaults()
        ) with
        {
            MetadataDocuments = new MetadataDocumentPolicy([], allowLoopback),
        };

    private static readonly ScopeSet Scopes = ScopeSet.Of(ScopeSet.Read);
}
