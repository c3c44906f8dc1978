using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>
/// The user's own token at the provider in the tools' requests: whose it is, and what happens where there is none or it is refused.
/// </summary>
public sealed class UpstreamTokenTests
{
    private const int Users = 20;
    private const int CallsPerUser = 20;

    [Fact]
    public async Task X_02_no_call_carries_the_token_of_another_user()
    {
        await using var upstream = await UpstreamServer.ExpiringAsync();
        var wrong = new ConcurrentBag<string>();
        upstream.ApiAnswers = http =>
        {
            var owner = upstream.Provider.OwnerOf(http.Request.Headers.Authorization.ToString()["Bearer ".Length..]);
            if (owner?.Login != http.Request.Query["message"])
                wrong.Add($"{http.Request.Query["message"]} with the token of {owner?.Login}");
            return StandIn.AnythingAsync(http);
        };
        var callers = new List<(string Login, string Token)>();
        for (var user = 1; user <= Users; user++)
            callers.Add(($"user{user}", await upstream.SignInAsync(new Person(user, $"user{user}", [("a@b.example", true)]))));
        upstream.Server.Clock.Advance(TimeSpan.FromHours(8)); // so that all of them renew meanwhile

        var results = await Task.WhenAll(
            callers.Select(async caller =>
            {
                await using var client = await Callers.ConnectAsync(upstream.Server, caller.Token);
                return await Task.WhenAll(Enumerable.Range(0, CallsPerUser).Select(_ => client.MakeRequestAsync(caller.Login)));
            })
        );

        Assert.All(results.SelectMany(result => result), result => Assert.NotEqual(true, result.IsError));
        Assert.Empty(wrong);
        Assert.Equal(
            (Users * CallsPerUser, Users, Users),
            (upstream.Api.Requests.Count, upstream.Provider.Renewals, upstream.Arrived.Distinct().Count())
        );
    }

    [Fact]
    public async Task X_03_says_where_to_link_when_there_is_no_token_and_sends_none()
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Accounts:Local", "true"));
        using var client = await TestClient.RegisterAsync(upstream.Server);
        var result = await upstream.CallAsync((await client.SignInAsync("alice")).Access);
        Assert.True(result.IsError);
        Assert.Equal(
            $"There is no GitHub account linked to yours, or it has to be linked anew: {upstream.Server.Issuer}/connections",
            result.TextOf()
        );
        Assert.Empty(upstream.Api.Requests);
    }

    [Fact]
    public async Task X_03_says_so_when_a_token_without_renewal_is_dead()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        var token = await upstream.SignInAsync();
        upstream.Provider.Revoke(Assert.Single(upstream.Provider.AccessTokens));
        var result = await upstream.CallAsync(token);
        Assert.True(result.IsError);
        Assert.Equal(
            $"GitHub does not take your token any more; link the account anew: {upstream.Server.Issuer}/connections",
            result.TextOf()
        );
        Assert.Single(upstream.Arrived);
        Assert.DoesNotContain(token, upstream.Arrived);
        Assert.True(await upstream.Server.AcceptsAsync(token));
    }

    [Fact]
    public async Task X_03_tells_a_machine_that_this_is_for_people()
    {
        using var key = new ClientKey();
        await using var upstream = await UpstreamServer.GitHubAsync([
            .. ConfiguredServer.Keys(key),
            ("OAuth:Clients:0:Scopes", "mcp.read mcp.write"),
        ]);
        using var reporter = new TestClient(upstream.Server, "reporter", ConfiguredServer.Secret, "client_secret_basic");
        var result = await upstream.CallAsync(await reporter.MachineTokenAsync());
        Assert.True(result.IsError);
        Assert.Contains("you are a machine", result.TextOf(), StringComparison.Ordinal);
        Assert.Empty(upstream.Api.Requests);
    }

    [Fact]
    public async Task X_06_renews_once_and_tries_once_more_when_the_api_refuses_the_token()
    {
        await using var upstream = await UpstreamServer.ExpiringAsync();
        var token = await upstream.SignInAsync();
        upstream.Provider.Revoke(Assert.Single(upstream.Provider.AccessTokens)); // well before it expires
        Assert.NotEqual(true, (await upstream.CallAsync(token)).IsError);
        Assert.Equal((1, 2, 2), (upstream.Provider.Renewals, upstream.Arrived.Count, upstream.Arrived.Distinct().Count()));
    }

    [Theory]
    [InlineData(401, null, 2, 1)]
    [InlineData(403, null, 1, 0)]
    [InlineData(429, "3600", 1, 0)]
    [InlineData(500, null, 3, 0)]
    public async Task X_06_stops_there(int status, string? retryAfter, int tries, int renewals)
    {
        await using var upstream = await UpstreamServer.ExpiringAsync();
        var token = await upstream.SignInAsync();
        upstream.ApiAnswers = http =>
        {
            http.Response.StatusCode = status;
            if (retryAfter is not null)
                http.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        };
        var result = await upstream.CallAsync(token);
        Assert.True(result.IsError);
        Assert.Contains($"answered {status}", result.TextOf(), StringComparison.Ordinal);
        Assert.Equal((tries, renewals), (upstream.Arrived.Count, upstream.Provider.Renewals));
        Assert.True(await upstream.Server.AcceptsAsync(token));
    }

    [Fact]
    public async Task X_01_the_client_reads_nothing_of_the_token_whatever_the_api_says()
    {
        await using var upstream = await UpstreamServer.ExpiringAsync();
        var token = await upstream.SignInAsync();
        upstream.ApiAnswers = http =>
        {
            var before = string.Join(' ', upstream.Provider.Secrets);
            (http.Response.StatusCode, http.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase) = (
                401,
                $"No {http.Request.Headers.Authorization} of {before}"
            );
            return Task.CompletedTask;
        };
        var text = (await upstream.CallAsync(token)).TextOf();
        Assert.Contains("answered 401", text, StringComparison.Ordinal);
        // the refused one and the renewed one
        Assert.All(upstream.Arrived, sent => Assert.DoesNotContain(sent, text, StringComparison.Ordinal));
        Assert.Equal(2, upstream.Arrived.Distinct().Count());
    }

    [Fact]
    public async Task X_13_a_token_that_may_only_read_here_writes_nothing_there()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        var token = await upstream.SignInAsync(null, ("scope", "mcp.read"));
        using var response = await upstream.Server.PostMcpAsync(
            token,
            McpRequests.Call("make_authenticated_request", """{"message":"x"}""")
        );
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("insufficient_scope", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Empty(upstream.Api.Requests);
    }

    [Theory]
    [InlineData("read:user", "repo gist")]
    [InlineData("gist read:user", "repo")]
    [InlineData("", "repo gist")]
    public async Task C_27_says_what_was_not_granted_and_keeps_what_was(string granted, string missing)
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Upstream:Scopes", "read:user repo gist"));
        upstream.Provider.GrantedScope = granted;
        var token = await upstream.SignInAsync();
        var result = await upstream.CallAsync(token);
        Assert.True(result.IsError);
        Assert.Equal(
            $"GitHub granted less than this tool needs ({missing.Replace(" ", ", ", StringComparison.Ordinal)} is missing); link the account anew: {upstream.Server.Issuer}/connections",
            result.TextOf()
        );
        Assert.Empty(upstream.Api.Requests);
        Assert.Equal(
            granted.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            await upstream.Server.InDatabaseAsync(db =>
                db.UpstreamTokens.Select(row => row.Scope).SingleAsync(TestContext.Current.CancellationToken)
            )
        );
    }

    [Fact]
    public async Task C_27_takes_a_parent_scope_for_those_below_it()
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Upstream:Scopes", "read:user repo repo:status"));
        upstream.Provider.GrantedScope = "repo";
        Assert.NotEqual(true, (await upstream.CallAsync(await upstream.SignInAsync())).IsError);
    }
}
