using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>Upstream tokens that have expired: who renews them, how often, and what the caller reads when that fails.</summary>
public sealed class RenewalTests
{
    internal const string TryAgain = "GitHub cannot renew your token right now. Try again in a few seconds.";

    /// <summary>A little longer than a provider that failed is left alone.</summary>
    internal static readonly TimeSpan BackOff = TimeSpan.FromSeconds(11);

    [Fact]
    public async Task R_18_eight_calls_at_once_renew_once_and_all_carry_the_new_token()
    {
        await using var upstream = await UpstreamServer.ExpiringAsync();
        upstream.Provider.RevokesOnReuse = true;
        var token = await upstream.SignInAsync();
        upstream.Server.Clock.Advance(TimeSpan.FromHours(8));
        var (asked, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        upstream.Provider.Before = path =>
        {
            if (path != GitHubStandIn.TokenPath)
                return Task.CompletedTask;
            asked.TrySetResult();
            return released.Task;
        };

        var calls = Enumerable.Range(0, 8).Select(_ => upstream.CallAsync(token)).ToList();
        await asked.Task;
        Assert.DoesNotContain(calls, call => call.IsCompleted);
        released.SetResult();

        Assert.All(await Task.WhenAll(calls), result => Assert.NotEqual(true, result.IsError));
        Assert.Equal(1, upstream.Provider.Renewals);
        Assert.Equal(Enumerable.Repeat(Assert.Single(upstream.Provider.AccessTokens), 8), upstream.Arrived);
    }

    [Fact]
    public async Task Renews_a_token_a_minute_before_it_expires_and_uses_it_till_then_when_that_fails()
    {
        await using var upstream = await UpstreamServer.ExpiringAsync();
        var token = await upstream.SignInAsync();
        upstream.Server.Clock.Advance(TimeSpan.FromHours(8) - TimeSpan.FromSeconds(30));
        upstream.Provider.Break(GitHubStandIn.TokenPath, Status(500));
        Assert.NotEqual(true, (await upstream.CallAsync(token)).IsError);
        upstream.Provider.Mend(GitHubStandIn.TokenPath);
        upstream.Server.Clock.Advance(BackOff);
        Assert.NotEqual(true, (await upstream.CallAsync(token)).IsError);
        Assert.Equal(2, upstream.Arrived.Distinct().Count());
    }

    [Fact]
    public async Task R_20_one_refusal_is_not_the_end()
    {
        await using var upstream = await ExpiredAsync();
        upstream.Provider.Break(GitHubStandIn.TokenPath, Refused, times: 2);
        for (var refusals = 0; refusals < 2; refusals++)
        {
            AssertFailure(TryAgain, await upstream.CallAsync(upstream.Token));
            AssertFailure(TryAgain, await upstream.CallAsync(upstream.Token)); // at once: nobody asks the provider
            upstream.Server.Clock.Advance(BackOff);
        }

        Assert.Equal(2, upstream.Provider.Renewals);
        Assert.NotEqual(true, (await upstream.CallAsync(upstream.Token)).IsError);
        Assert.Equal(3, upstream.Provider.Renewals);
        Assert.True(await upstream.Server.AcceptsAsync(upstream.Token));
    }

    [Fact]
    public async Task R_20_three_refusals_are_and_the_account_has_to_be_linked_anew()
    {
        await using var upstream = await ExpiredAsync();
        upstream.Provider.Break(GitHubStandIn.TokenPath, Refused);
        for (var refusals = 0; refusals < 2; refusals++)
        {
            AssertFailure(TryAgain, await upstream.CallAsync(upstream.Token));
            upstream.Server.Clock.Advance(BackOff);
        }

        for (var calls = 0; calls < 2; calls++)
        {
            AssertFailure(
                $"There is no GitHub account linked to yours, or it has to be linked anew: {upstream.Server.Issuer}/connections",
                await upstream.CallAsync(upstream.Token)
            );
            upstream.Server.Clock.Advance(BackOff);
        }

        Assert.Equal(3, upstream.Provider.Renewals);
        Assert.Empty(upstream.Arrived);
        Assert.True(await upstream.Server.AcceptsAsync(upstream.Token));

        upstream.Provider.Mend(GitHubStandIn.TokenPath);
        await upstream.SignInAsync();
        Assert.NotEqual(true, (await upstream.CallAsync(upstream.Token)).IsError);
    }

    [Theory]
    [InlineData(503, null, 3)]
    [InlineData(500, null, 3)]
    [InlineData(429, "1", 3)]
    [InlineData(429, "3600", 1)]
    public async Task R_20_trouble_at_the_provider_is_tried_again_a_little_and_never_the_end(int status, string? retryAfter, int tries)
    {
        await using var upstream = await ExpiredAsync();
        upstream.Provider.Break(GitHubStandIn.TokenPath, Status(status, retryAfter));
        for (var calls = 1; calls <= 4; calls++)
        {
            AssertFailure(TryAgain, await upstream.CallAsync(upstream.Token));
            Assert.Equal(calls * tries, upstream.Provider.Renewals);
            upstream.Server.Clock.Advance(BackOff);
        }

        upstream.Provider.Mend(GitHubStandIn.TokenPath);
        Assert.NotEqual(true, (await upstream.CallAsync(upstream.Token)).IsError);
        Assert.True(await upstream.Server.AcceptsAsync(upstream.Token));
    }

    [Fact]
    public async Task R_20_a_provider_that_does_not_answer_is_left_alone_after_a_while()
    {
        await using var upstream = await ExpiredAsync();
        var arrived = new TaskCompletionSource();
        upstream.Provider.Break(GitHubStandIn.TokenPath, http =>
        {
            arrived.TrySetResult();
            return StandIn.GoneAsync(http);
        });
        var call = upstream.CallAsync(upstream.Token);
        await arrived.Task;
        upstream.Server.Clock.Advance(TimeSpan.FromSeconds(8));
        AssertFailure(TryAgain, await call);
        AssertFailure(TryAgain, await upstream.CallAsync(upstream.Token));
        Assert.Equal(1, upstream.Provider.Renewals);

        upstream.Provider.Mend(GitHubStandIn.TokenPath);
        upstream.Server.Clock.Advance(BackOff);
        Assert.NotEqual(true, (await upstream.CallAsync(upstream.Token)).IsError);
    }

    internal static void AssertFailure(string sentence, CallToolResult result)
    {
        Assert.True(result.IsError);
        Assert.Equal(sentence, result.TextOf());
    }

    private static Task Refused(HttpContext http) =>
        UpstreamStandIn.AnswerJsonAsync(
            http,
            GitHubStandIn.Error("bad_refresh_token", "The refresh token passed is incorrect or expired.")
        );

    private static RequestDelegate Status(int status, string? retryAfter = null) =>
        http =>
        {
            http.Response.StatusCode = status;
            if (retryAfter is not null)
                http.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        };

    /// <summary>Somebody whose token has just expired.</summary>
    internal static async Task<UpstreamServer> ExpiredAsync()
    {
        var upstream = await UpstreamServer.ExpiringAsync();
        upstream.Token = await upstream.SignInAsync();
        upstream.Server.Clock.Advance(TimeSpan.FromHours(8));
        return upstream;
    }
}
