using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;

namespace OAuthMcp.Infrastructure.Remote;

/// <summary>Every timeout, retry and breaker of the product.</summary>
internal static class Resilience
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>
    /// 30 s for all of it, three tries of 10 s with jittered backoff for idempotent requests, and a breaker that
    /// spares an API which keeps failing: what it refuses one user (4xx, 429) says nothing of the others' calls, and does
    /// not count. A <c>Retry-After</c> beyond 5 s is an answer, not a reason to wait.
    /// </summary>
    public static void AddDownstreamResilience(this IHttpClientBuilder builder) => builder.AddResilienceHandler("downstream", pipeline =>
        {
            var retry = new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = attempt => ValueTask.FromResult(IsTransient(attempt.Outcome) && !AsksToWaitLong(attempt.Outcome.Result)),
            };
            retry.DisableForUnsafeHttpMethods();
            pipeline
                .WithoutLog()
                .AddTimeout(TimeSpan.FromSeconds(30))
                .AddRetry(retry)
                .AddCircuitBreaker(
                    new HttpCircuitBreakerStrategyOptions
                    {
                        MinimumThroughput = 20,
                        FailureRatio = 0.5,
                        BreakDuration = TimeSpan.FromSeconds(5),
                        ShouldHandle = attempt => ValueTask.FromResult(IsOutage(attempt.Outcome)),
                    }
                )
                .AddTimeout(TimeSpan.FromSeconds(10));
        });

    /// <summary>Set on requests to an authorization server that it may get twice.</summary>
    public static readonly HttpRequestOptionsKey<bool> MayRepeat = new("may-repeat");

    /// <summary>
    /// 8 s for all of it. Tried again, twice, only after an answer that says that nothing was done, and only where the
    /// request may be repeated: a code or refresh token whose answer was lost may be used up.
    /// </summary>
    public static void AddUpstreamResilience(this IHttpClientBuilder builder) =>
        builder.AddResilienceHandler("upstream", pipeline => pipeline
                .WithoutLog()
                .AddTimeout(TimeSpan.FromSeconds(8))
                .AddRetry(
                    new HttpRetryStrategyOptions
                    {
                        MaxRetryAttempts = 2,
                        Delay = TimeSpan.FromMilliseconds(200),
                        BackoffType = DelayBackoffType.Exponential,
                        UseJitter = true,
                        ShouldRetryAfterHeader = false,
                        ShouldHandle = attempt =>
                            ValueTask.FromResult(
                                attempt.Outcome.Result
                                    is { StatusCode: >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests } answer
                                    && answer.RequestMessage?.Options.TryGetValue(MayRepeat, out _) == true
                                    && !AsksToWaitLong(answer)
                            ),
                    }
                ));

    // An answer that is too large will be so again.
    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) =>
        HttpClientResiliencePredicates.IsTransient(outcome)
        && outcome.Exception
            is not HttpRequestException
            {
                HttpRequestError: HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.SecureConnectionError
            };

    private static bool IsOutage(Outcome<HttpResponseMessage> outcome) =>
        outcome.Result is { StatusCode: >= HttpStatusCode.InternalServerError }
        || (
            outcome.Exception is not HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
            && outcome.Exception is not null
            && HttpClientResiliencePredicates.IsTransient(outcome)
        );

    // Every try, wait and opening would be a warning with its stack trace; what comes of them all is said once, by who asked.
    private static ResiliencePipelineBuilder<HttpResponseMessage> WithoutLog(
        this ResiliencePipelineBuilder<HttpResponseMessage> pipeline
    ) => pipeline.ConfigureTelemetry(NullLoggerFactory.Instance);

    private static bool AsksToWaitLong(HttpResponseMessage? response) =>
        response is { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable }
        && (response.Headers.RetryAfter?.Delta > LongestWait || response.Headers.RetryAfter?.Date is not null);
}
