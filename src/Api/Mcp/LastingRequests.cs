using System.Threading.RateLimiting;
using ModelContextProtocol.Protocol;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// The one rule for whatever lasts at /mcp, POST and GET: it ends with its answer, when its client cancels the call or hangs up,
/// with its token, with its session and with the server. However it ends, what was sent is a complete answer. A call of a session
/// whose client has hung up goes on as one of the <see cref="AbandonedCalls"/>.
/// </summary>
internal sealed class LastingRequests(
    RequestDelegate next,
    RateLimits limits,
    RequestWatch watch,
    AbandonedCalls abandoned,
    TimeProvider time
)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (CallerIdentity.Of(http.User) is not { } identity)
        {
            await next(http);
            return;
        }

        // What a caller runs beyond its share is refused, so that it cannot take every thread and connection from the others.
        var place = await EnterAsync(http, identity.Caller.Subject);
        if (place is { IsAcquired: false })
            await OAuthResults.Error(OAuthError.TooManyRequests(TimeSpan.FromSeconds(1))).ExecuteAsync(http);
        else if (
            !await IsServedAsync(http, identity, new OpenRequest(new LiveBody(http.Response), place, time, http.RequestAborted))
            && !http.Response.HasStarted
        )
        {
            http.Response.Clear();
            await OAuthResults.Error(OAuthError.TemporarilyUnavailable()).ExecuteAsync(http);
        }
    }

    /// <summary>Whoever has taken its whole share can still cancel what it runs: it could only wait for it otherwise.</summary>
    /// <returns>Null where no place is needed.</returns>
    private async Task<RateLimitLease?> EnterAsync(HttpContext http, string subject)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
            return null;
        var place = limits.EnterCall(subject);
        if (place.IsAcquired)
            return place;
        using var reading = limits.EnterCancellation(subject);
        return reading.IsAcquired && await MessageEnvelope.OfAsync(http) is { Method: NotificationMethods.CancelledNotification }
            ? null
            : place;
    }

    /// <returns>False where something else than the client ended it before there was an answer.</returns>
    private async Task<bool> IsServedAsync(HttpContext http, CallerIdentity identity, OpenRequest request)
    {
        var (hungUp, body) = (http.RequestAborted, http.Response.Body);
        identity.Request = request;
        (http.RequestAborted, http.Response.Body) = (request.Ended, request.Body);
        var watched = watch.Begin(http, identity.Caller, request);
        try
        {
            await next(http);
            return true;
        }
        catch (OperationCanceledException) when (!hungUp.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            if (request.Trouble is { } trouble)
                http.Explain(trouble);
            await request.Body.EndAsync();
            (http.RequestAborted, http.Response.Body) = (hungUp, body);
            request.Dispose();
            await watched.DisposeAsync();
            if (hungUp.IsCancellationRequested && !request.Over.IsCompleted)
                _ = abandoned.KeepAsync(identity.Caller, request);
        }
    }
}
