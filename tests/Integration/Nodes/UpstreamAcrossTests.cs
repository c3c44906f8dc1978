using System.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using ModelContextProtocol.Protocol;
using OAuthMcp.Integration.Hosting;
using OAuthMcp.Integration.Upstream;

namespace OAuthMcp.Integration.Nodes;

/// <summary>Users of both nodes who sign in at a provider, and whose tokens there have to be renewed once.</summary>
[Collection(nameof(ManyNodes))]
public sealed class UpstreamAcrossTests(PostgresServer postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private UpstreamStandIn provider = null!;
    private Cluster cluster = null!;

    public async ValueTask InitializeAsync()
    {
        Requires.Postgres();
        provider = await GitHubStandIn.StartAsync();
        (provider.TokenLifetime, provider.RevokesOnReuse) = (TimeSpan.FromHours(8), true);
        cluster = await Cluster.StartAsync(
            postgres,
            [.. UpstreamServer.Keys(provider, "github"), ("Accounts:Local", "false"), ("Downstream:Token", "Upstream")]
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
        if (provider is not null)
            await provider.DisposeAsync();
    }

    [Fact]
    public async Task R_18_F_26_eight_calls_at_two_nodes_renew_once_and_a_node_that_dies_meanwhile_is_stood_in_for()
    {
        var token = await SignInAsync();
        for (var round = 1; round <= Rounds.Of(3, 100); round++)
        {
            await ExpireAsync();
            var (asked, released) = (Signal(), Signal());
            provider.Before = path => path == GitHubStandIn.TokenPath && asked.TrySetResult() ? released.Task : Task.CompletedTask;
            var calls = Enumerable.Range(0, 8).Select(caller => CallAsync(caller, token)).ToList();
            await asked.Task;
            Assert.DoesNotContain(calls, call => call.IsCompleted);
            released.SetResult();

            Assert.All(await Task.WhenAll(calls), result => Assert.NotEqual(true, result.IsError));
            Assert.Equal(round, provider.Renewals);
            Assert.Equal(
                Enumerable.Repeat($"Bearer {Assert.Single(provider.AccessTokens)}", 8),
                cluster.Api.Requests.TakeLast(8).Select(request => request.Authorization)
            );
        }

        await AssertHealsAsync(token);
    }

    [Fact]
    public async Task C_26_F_25_one_person_who_signs_in_for_the_first_time_in_four_browsers_at_once_gets_one_account()
    {
        using var client = await TestClient.RegisterAsync(cluster.Balancer);
        for (var round = 1; round <= Rounds.Of(5, 200); round++)
        {
            provider.Person = new Person(round, $"newcomer{round}", [($"newcomer{round}@github.example", true)]);
            var (waiting, all) = (0, Signal());
            provider.Before = path =>
            {
                if (path != GitHubStandIn.UserPath)
                    return Task.CompletedTask;
                if (Interlocked.Increment(ref waiting) == 4)
                    all.SetResult();
                return all.Task;
            };
            var answers = await Rounds.RaceAsync(4, async _ =>
            {
                using var browser = Browser();
                return await browser.AllowAsync(client.AuthorizationUrl());
            });
            Assert.All(answers, answer => Assert.Contains("code=", answer.Query, StringComparison.Ordinal));
        }

        await using var db = Databases.Context(cluster.Database);
        var logins = await db.UserLogins.CountAsync(TestContext.Current.CancellationToken);
        Assert.Equal((Rounds.Of(5, 200), logins), (await db.Users.CountAsync(TestContext.Current.CancellationToken), logins));
    }

    private async Task AssertHealsAsync(string token)
    {
        await ExpireAsync();
        var (before, asked) = (provider.Renewals, Signal());
        provider.Break(
            GitHubStandIn.TokenPath,
            http =>
            {
                asked.SetResult();
                return StandIn.GoneAsync(http);
            },
            times: 1
        );
        var lost = CallAsync(0, token);
        await asked.Task;
        await cluster.Nodes[0].KillAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => lost);

        var waited = Stopwatch.StartNew();
        if (Rounds.Of(0, 1) == 0) // a run of all tests does not wait for the whole of it
            await ChangeAsync("\"LeasedUntil\" = \"LeasedUntil\" - interval '25 seconds'");
        CallToolResult healed;
        do healed = await CallAsync(1, token);
        while (healed.IsError == true && waited.Elapsed < Lease);
        Assert.NotEqual(true, healed.IsError);
        Assert.Equal(before + 2, provider.Renewals);

        await cluster.Nodes[0].StartAsync();
        Assert.NotEqual(true, (await CallAsync(0, token)).IsError);
        Assert.Equal(before + 2, provider.Renewals);
    }

    private TestBrowser Browser() => new(cluster.Balancer.Address, provider.Socket.Address);

    private async Task<string> SignInAsync()
    {
        using var client = await TestClient.RegisterAsync(cluster.Balancer);
        using var browser = Browser();
        var answer = QueryHelpers.ParseQuery((await browser.AllowAsync(client.AuthorizationUrl())).Query);
        return (string)(await (await client.ExchangeAsync(answer["code"].ToString())).JsonAsync())["access_token"]!;
    }

    private async Task<CallToolResult> CallAsync(int caller, string token)
    {
        await using var client = await Callers.ConnectAsync(cluster.Nodes[caller % 2], token);
        return await client.MakeRequestAsync("hello");
    }

    private Task ExpireAsync() => ChangeAsync("\"ExpiresAt\" = now() - interval '1 second'");

    private Task ChangeAsync(string change) =>
        PostgresServer.ExecuteAsync(cluster.Database, $"UPDATE oauthmcp.\"UpstreamTokens\" SET {change}");

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
