using System.Collections.Concurrent;
using MediatR;
using Microsoft.Extensions.Options;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Application.Tools;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Looks after requests that last: every <see cref="Interval"/> it asks whether the token of each is still good (OAuth 2.1 §5.2) and
/// gives a sign of life, and it asks within a second when a token expires or something was revoked. When the server stops it ends
/// streams at once and calls when they had time to answer.
/// </summary>
internal sealed class RequestWatch(
    IServiceScopeFactory scopes,
    IRevocations revocations,
    IHostApplicationLifetime lifetime,
    IOptions<HostOptions> host,
    TimeProvider time,
    ILogger<RequestWatch> log
) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    private readonly IRevocations revocations = revocations;
    private readonly CancellationToken stopping = lifetime.ApplicationStopping;
    private readonly TimeSpan patience = host.Value.ShutdownTimeout / 2;
    private readonly TimeProvider time = time;
    private readonly ConcurrentDictionary<Watched, byte> open = new();

    /// <param name="http">The request, or null when it is gone and its call goes on.</param>
    /// <returns>To be disposed of when the request, or the call, has ended.</returns>
    public IAsyncDisposable Begin(HttpContext? http, Caller caller, OpenRequest request)
    {
        var watched = new Watched(this, http, caller, request);
        open[watched] = 0;
        if (stopping.IsCancellationRequested)
            watched.Stop(); // the others may have been told before it came
        return watched;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Glance, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                foreach (var (watched, _) in open)
                    watched.LookWhereDue();
        }
        catch (OperationCanceledException)
        {
            foreach (var (watched, _) in open)
                watched.Stop();
        }
    }

    private async Task<bool> IsRefusedAsync(Caller caller, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var answer = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new CheckAccessTokenQuery(caller.Token), ct);
            return answer.Error is { Code: "invalid_token" };
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            // A fault is no refusal: it is asked again.
            log.LogWarning("The token of a stream could not be checked: {Reason}", failure.Message);
            return false;
        }
    }

    /// <summary>One of them. Almost every request ends before anything is due, so that it takes no timer and no cancellation.</summary>
    private sealed class Watched(RequestWatch watch, HttpContext? http, Caller caller, OpenRequest request) : IAsyncDisposable
    {
        private readonly Lock turn = new();
        private long seen = watch.revocations.Seen;
        private long signed = watch.time.GetTimestamp();
        private CancellationTokenSource? looking;
        private Task look = Task.CompletedTask;
        private Task sign = Task.CompletedTask;
        private Task end = Task.CompletedTask;
        private bool isEnding;

        public void LookWhereDue()
        {
            var isSignDue = watch.time.GetElapsedTime(signed) >= Interval;
            if (!isSignDue && watch.revocations.Seen == seen && !(caller.ExpiresAt <= watch.time.GetUtcNow()))
                return;
            lock (turn)
                if (!isEnding && look.IsCompleted)
                    look = LookAsync(isSignDue, (looking ??= new CancellationTokenSource()).Token);
        }

        public void Stop()
        {
            lock (turn)
                if (!isEnding)
                    End("The server is stopping.", http is null || IsStream(http) ? TimeSpan.Zero : watch.patience);
        }

        public async ValueTask DisposeAsync()
        {
            watch.open.TryRemove(this, out _);
            lock (turn)
                isEnding = true;
            if (looking is not null)
                await looking.CancelAsync(); // it does not wait for a check
            await look;
            await end;
            await sign.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // an answer that has ended takes no more
            looking?.Dispose();
        }

        private async Task LookAsync(bool isSignDue, CancellationToken ct)
        {
            seen = watch.revocations.Seen; // before the check, so that what comes meanwhile leads to another one
            try
            {
                if (await watch.IsRefusedAsync(caller, ct))
                    lock (turn)
                        if (!isEnding)
                            End("The access token has expired or was revoked.", TimeSpan.Zero);
            }
            catch (Exception) when (ct.IsCancellationRequested)
            {
                return; // whatever came of it
            }

            if (!isSignDue || isEnding)
                return;
            signed = watch.time.GetTimestamp();
            if (sign.IsCompleted) // it never is where a client does not read, and the token is checked all the same
                sign = request.Body.SignAsync(watch.stopping);
        }

        private void End(string why, TimeSpan patience) => (isEnding, end) = (true, request.EndAsync(why, patience));

        private static bool IsStream(HttpContext http) =>
            HttpMethods.IsGet(http.Request.Method) || http.Features.Get<MessageEnvelope>()?.Method == "subscriptions/listen";
    }
}
