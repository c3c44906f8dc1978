using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>What the API behind the tools may answer instead of /anything, as the tool's caller reads it.</summary>
public sealed class DownstreamTests
{
    [Theory]
    [InlineData(400, "Bad Request")]
    [InlineData(401, "Unauthorized")]
    [InlineData(403, "Forbidden")]
    [InlineData(404, "Not Found")]
    public Task X_06_reports_a_refusal_after_one_try(int status, string phrase) =>
        AssertTroubleAsync($"answered {status} {phrase} (tried once)", 1, http => http.Response.StatusCode = status);

    [Theory]
    [InlineData(408, "Request Timeout")]
    [InlineData(429, "Too Many Requests")]
    [InlineData(500, "Internal Server Error")]
    [InlineData(502, "Bad Gateway")]
    [InlineData(503, "Service Unavailable")]
    public Task X_06_tries_three_times_where_that_may_help(int status, string phrase) =>
        AssertTroubleAsync($"answered {status} {phrase} (tried 3 times)", 3, http => http.Response.StatusCode = status);

    [Theory]
    [InlineData(429, "Too Many Requests", "3600")]
    [InlineData(429, "Too Many Requests", "Fri, 31 Dec 2100 23:59:59 GMT")]
    [InlineData(503, "Service Unavailable", "6")]
    public Task X_06_takes_a_long_retry_after_for_the_answer(int status, string phrase, string retryAfter) =>
        AssertTroubleAsync($"answered {status} {phrase} (tried once)", 1, http =>
            (http.Response.StatusCode, http.Response.Headers.RetryAfter) = (status, retryAfter)
        );

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task X_06_waits_as_long_as_a_short_retry_after_says(int status)
    {
        var asked = 0;
        await using var downstream = await Downstream.StartAsync(http =>
        {
            if (asked++ > 0)
                return StandIn.AnythingAsync(http);
            (http.Response.StatusCode, http.Response.Headers.RetryAfter) = (status, "4");
            return Task.CompletedTask;
        });

        Assert.NotEqual(true, (await downstream.CallAsync()).IsError);
        Assert.Equal(2, downstream.Api.Requests.Count);
        Assert.Equal(TimeSpan.FromSeconds(4), Assert.Single(downstream.Server.Clock.Skipped));
    }

    [Theory]
    [InlineData("text/html", "<!doctype html><title>Welcome</title>")]
    [InlineData("application/json", "<!doctype html><title>Welcome</title>")]
    [InlineData("application/json", "")]
    [InlineData("application/json", "null")]
    [InlineData("application/json", "[]")]
    [InlineData("application/json", "\"GET\"")]
    [InlineData("application/json", "{}")]
    [InlineData("application/json", """{"method":"GET"}""")]
    [InlineData("application/json", """{"method":1,"url":2}""")]
    [InlineData("application/json", """{"method":"GET","url":"http://x/anything","args":[],"headers":{}}""")]
    [InlineData("application/json", """{"method":"GET","url":"http://x/any""")]
    public Task Says_so_when_the_answer_is_not_that_of_anything(string type, string body) =>
        AssertTroubleAsync("answered something that is not the JSON of /anything (tried once)", 1, http =>
        {
            http.Response.ContentType = type;
            return http.Response.WriteAsync(body);
        });

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task X_05_follows_no_redirect(int status)
    {
        await using var other = await StandIn.StartAsync(StandIn.AnythingAsync);
        await AssertTroubleAsync($"answered {status}, a redirect, which is not followed (tried once)", 1, http =>
            (http.Response.StatusCode, http.Response.Headers.Location) = (
                status,
                new Uri(other.Address, "/anything?message=hello").AbsoluteUri
            )
        );
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task X_01_masks_the_token_wherever_the_api_puts_it()
    {
        await using var downstream = await Downstream.StartAsync(http =>
        {
            var token = http.Request.Headers.Authorization.ToString()["Bearer ".Length..];
            return http.Response.WriteAsJsonAsync(
                new
                {
                    method = token,
                    url = $"http://x/{token}",
                    args = new Dictionary<string, string> { [token] = token },
                    headers = new Dictionary<string, object> { [$"X-{token}"] = new[] { token, $"<{token}>" } },
                }
            );
        });

        var result = await downstream.CallAsync();
        Assert.NotEqual(true, result.IsError);
        Assert.Contains($"{downstream.Token[..4]}****{downstream.Token[^4..]}", result.TextOf(), StringComparison.Ordinal);
        Assert.DoesNotContain(downstream.Token, result.TextOf(), StringComparison.Ordinal);
        Assert.DoesNotContain(downstream.Token, result.StructuredContent!.Value.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task X_01_masks_the_token_in_a_reason_phrase()
    {
        await using var downstream = await Downstream.StartAsync(http =>
        {
            (http.Response.StatusCode, http.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase) = (
                400,
                $"No {http.Request.Headers.Authorization}"
            );
            return Task.CompletedTask;
        });
        downstream.AssertTrouble(
            await downstream.CallAsync(),
            $"The API at {downstream.Name} answered 400 No Bearer {downstream.Token[..4]}****{downstream.Token[^4..]} (tried once)."
        );
    }

    [Fact]
    public async Task Takes_names_that_differ_in_case_only()
    {
        await using var downstream = await Downstream.StartAsync(http =>
            http.Response.WriteAsync(
                """{"method":"GET","url":"http://x/anything","args":{"a":"1","A":"2"},"headers":{"host":"x","Host":"y"}}"""
            )
        );
        var result = await downstream.CallAsync();
        Assert.NotEqual(true, result.IsError);
        Assert.Equal("2", result.StructuredContent!.Value.GetProperty("args").GetProperty("A").GetString());
    }

    private static Task AssertTroubleAsync(string what, int tries, Action<HttpContext> answer) => AssertTroubleAsync(what, tries, http =>
        {
            answer(http);
            return Task.CompletedTask;
        });

    private static async Task AssertTroubleAsync(string what, int tries, RequestDelegate answer)
    {
        await using var downstream = await Downstream.StartAsync(answer);
        downstream.AssertTrouble(await downstream.CallAsync(), $"The API at {downstream.Name} {what}.");
        Assert.Equal(tries, downstream.Api.Requests.Count);
        Assert.All(downstream.Api.Requests, request =>
            Assert.Equal(
                ("GET", "/anything?message=hello", $"Bearer {downstream.Token}"),
                (request.Method, request.Target, request.Authorization)
            )
        );
    }
}
