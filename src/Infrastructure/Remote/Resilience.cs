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
    /// 30 s in all, with three tries of 10 s for idempotent requests. A breaker spares an API that keeps failing; 4xx and 429 do
    /// not count there, since they concern one caller, and a <c>Retry-After</c> beyond 5 s is returned and not waited for.
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

    /// <summary>Marks a request that an authorization server may get twice.</summary>
    public static readonly HttpRequestOptionsKey<bool> MayRepeat = new("may-repeat");

    /// <summary>
    /// 8 s in all, with two more tries after an answer that says that nothing was done. Only for requests that may be repeated: a
    /// code or refresh token whose answer was lost may be used up.
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

    // Not when the answer was too large or the certificate is wrong: it would be so again.
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

    // Each try would be logged as a warning with a stack trace. The caller logs the outcome once.
    private static ResiliencePipelineBuilder<HttpResponseMessage> WithoutLog(
        this ResiliencePipelineBuilder<HttpResponseMessage> pipeline
    ) => pipeline.ConfigureTelemetry(NullLoggerFactory.Instance);

    private static bool AsksToWaitLong(HttpResponseMessage? response) =>
        response is { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable }
        && (response.Headers.RetryAfter?.Delta > LongestWait || response.Headers.RetryAfter?.Date is not null);
}
