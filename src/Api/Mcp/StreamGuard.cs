using MediatR;
using OAuthMcp.Application.Tokens;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// A stream lives no longer than the token that opened it: what expires or is revoked meanwhile closes it within <see cref="Interval"/>
/// (OAuth 2.1 §5.2).
/// </summary>
internal sealed class StreamGuard(RequestDelegate next, IServiceScopeFactory scopes, TimeProvider time, ILogger<StreamGuard> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    public async Task InvokeAsync(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) || http.Features.Get<BearerToken>() is not var (token, _))
        {
            await next(http);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var watch = WatchAsync(http, new CheckAccessTokenQuery(token), ended.Token);
        try
        {
            await next(http);
        }
        finally
        {
            await ended.CancelAsync();
            await watch;
        }
    }

    private async Task WatchAsync(HttpContext http, CheckAccessTokenQuery check, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended) && !await IsRefusedAsync(check, ended)) { }
            http.Abort();
        }
        catch (OperationCanceledException)
        {
            // The stream ended by itself.
        }
    }

    private async Task<bool> IsRefusedAsync(CheckAccessTokenQuery check, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return (await scope.ServiceProvider.GetRequiredService<IMediator>().Send(check, ct)).Error is { Code: "invalid_token" };
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogWarning(failure, "The token of a stream could not be checked"); // a fault is no refusal: the next tick asks again
            return false;
        }
    }
}
