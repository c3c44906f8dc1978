using System.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using ModelContextProtocol.Protocol;
using OAuthMcp.Integration.Hosting;
using OAuthMcp.Integration.Upstream;

namespace OAuthMcp.Integration.Nodes;

/// <summary>Users of both nodes who sign in at a provider, and whose tokens there have to be renewed once.</summary>
[Collection(nameof(ManyNodes))]
public sealed class UpstreamAcrossTests(UpstreamCluster upstream)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly UpstreamStandIn provider = upstream.Provider;
    private readonly Cluster cluster = upstream.Cluster;

    [Fact]
    public async Task R_18_F_26_eight_calls_at_two_nodes_renew_once_and_a_node_that_dies_meanwhile_is_stood_in_for()
    {
        var (token, before) = (await SignInAsync(), provider.Renewals);
        for (var round = 1; round <= Rounds.Of(2, 100); round++)
        {
            await ExpireAsync();
            var (asked, released) = (Signal(), Signal());
            provider.Before = path => path == GitHubStandIn.TokenPath && asked.TrySetResult() ? released.Task : Task.CompletedTask;
            var calls = Enumerable.Range(0, 8).Select(caller => CallAsync(caller, token)).ToList();
            await asked.Task;
            Assert.DoesNotContain(calls, call => call.IsCompleted);
            released.SetResult();

            Assert.All(await Task.WhenAll(calls), result => Assert.NotEqual(true, result.IsError));
            Assert.Equal(before + round, provider.Renewals);
            var carried = Assert.Single(cluster.Api.Requests.TakeLast(8).Select(request => request.Authorization).Distinct());
            Assert.Equal(Person.Octocat, provider.OwnerOf(carried["Bearer ".Length..]));
        }

        provider.Before = null;
        await AssertHealsAsync(token);
    }

    [Fact]
    public async Task C_31_one_person_who_signs_in_for_the_first_time_in_four_browsers_at_once_gets_one_account()
    {
        foreach (var node in cluster.Nodes)
            Assert.Contains("octocat", await EnterAsync(node.Address), StringComparison.Ordinal); // each has done it before
        var rounds = Rounds.Of(5, 200);
        for (var round = 1; round <= rounds; round++)
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
            var pages = await Rounds.RaceAsync(4, browser => EnterAsync(cluster.Balancer.Address));
            Assert.All(pages, page => Assert.Contains($"Signed in as newcomer{round}@github", page, StringComparison.Ordinal));
        }

        (provider.Before, provider.Person) = (null, Person.Octocat);
        await using var db = Databases.Context(cluster.Database);
        Assert.Equal(rounds, await db.UserLogins.CountAsync(login => login.ProviderDisplayName!.StartsWith("newcomer"), Ct));
        Assert.Equal(rounds, await db.Users.CountAsync(user => user.UserName!.StartsWith("newcomer"), Ct));
        foreach (var node in cluster.Nodes)
            Assert.DoesNotContain("PK_AspNetUserLogins", node.Log, StringComparison.Ordinal);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

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

    /// <summary>Signs in at the provider.</summary>
    /// <returns>The page after that.</returns>
    private async Task<string> EnterAsync(Uri server)
    {
        using var browser = BrowserSteps.At(server, cluster.Balancer.Address, provider.Socket.Address);
        await browser.OpenAsync("/signin");
        await browser.SubmitAsync("Sign in with GitHub");
        return browser.Text;
    }

    private async Task<string> SignInAsync()
    {
        using var client = await TestClient.RegisterAsync(cluster.Balancer);
        using var browser = BrowserSteps.At(cluster.Balancer.Address, provider.Socket.Address);
        await browser.OpenAsync("/signin");
        await browser.SubmitAsync("Sign in with GitHub");
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
