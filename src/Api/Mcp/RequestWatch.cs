using MediatR;
using Microsoft.Extensions.Options;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Application.Tools;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Looks after a request that lasts: every <see cref="Interval"/> it asks whether the token is still good (OAuth 2.1 §5.2) and gives
/// a sign of life, and it asks within a second when the token expires or something was revoked. When the server stops it ends
/// streams at once and calls when they had time to answer.
/// </summary>
internal sealed class RequestWatch(
    IServiceScopeFactory scopes,
    IRevocations revocations,
    IHostApplicationLifetime lifetime,
    IOptions<HostOptions> host,
    TimeProvider time,
    ILogger<RequestWatch> log
)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    /// <param name="http">The request, or null when it is gone and its call goes on.</param>
    /// <param name="over">Set when the request, or the call, has ended.</param>
    public async Task RunAsync(HttpContext? http, Caller caller, OpenRequest request, CancellationToken over)
    {
        var stopping = lifetime.ApplicationStopping;
        using var timer = new PeriodicTimer(Glance, time);
        // The timer is silenced rather than its wait cancelled, since almost every request ends here and an exception is dear.
        using var whenOver = over.UnsafeRegister(Silence, timer);
        using var whenStopping = stopping.UnsafeRegister(Silence, timer);
        var sign = Task.CompletedTask;
        var (seen, signed) = (revocations.Seen, time.GetTimestamp());
        try
        {
            while (await timer.WaitForNextTickAsync(CancellationToken.None))
            {
                var isSignDue = time.GetElapsedTime(signed) >= Interval;
                if (!isSignDue && revocations.Seen == seen && !(caller.ExpiresAt <= time.GetUtcNow()))
                    continue;
                seen = revocations.Seen; // before the check, so that what comes meanwhile leads to another one
                if (await IsRefusedAsync(caller, over, stopping))
                {
                    await request.EndAsync("The access token has expired or was revoked.", TimeSpan.Zero);
                    break;
                }

                if (!isSignDue)
                    continue;
                signed = time.GetTimestamp();
                if (sign.IsCompleted) // it never is where a client does not read, and the token is checked all the same
                    sign = request.Body.SignAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested || stopping.IsCancellationRequested)
        {
            // Neither waits for a check.
        }

        if (stopping.IsCancellationRequested && !over.IsCancellationRequested)
            await request.EndAsync(
                "The server is stopping.",
                http is null || IsStream(http) ? TimeSpan.Zero : host.Value.ShutdownTimeout / 2
            );
        await sign.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // an answer that has ended takes no more
    }

    private static void Silence(object? timer) => ((PeriodicTimer)timer!).Dispose();

    private static bool IsStream(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method) || http.Features.Get<MessageEnvelope>()?.Method == "subscriptions/listen";

    private async Task<bool> IsRefusedAsync(Caller caller, CancellationToken over, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, stopping);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var answer = await scope
                .ServiceProvider.GetRequiredService<IMediator>()
                .Send(new CheckAccessTokenQuery(caller.Token), either.Token);
            return answer.Error is { Code: "invalid_token" };
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A fault is no refusal: the next tick asks again.
            log.LogWarning("The token of a stream could not be checked: {Reason}", failure.Message);
            return false;
        }
    }
}
