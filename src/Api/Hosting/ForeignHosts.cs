using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Audit;

namespace OAuthMcp.Api.Hosting;

/// <summary>
/// Tells the operator, and nobody else, why a request for another host was refused. It stands before the filter of the framework,
/// which refuses such a request without a word, and looks at its answer.
/// </summary>
internal sealed class ForeignHosts(
    IOptionsMonitor<HostFilteringOptions> filter,
    ServerSettings settings,
    TimeProvider time,
    ILogger<ForeignHosts> log
) : IStartupFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private long next;
    private int untold;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(follow =>
                async http =>
                {
                    await follow(http);
                    if (http.Response.StatusCode == StatusCodes.Status400BadRequest && !IsOurs(http.Request.Host.Host))
                        Tell(http);
                }
            );
            next(app);
        };

    private bool IsOurs(string host) =>
        HostString.MatchesAny(host, [.. filter.CurrentValue.AllowedHosts.Select(name => new StringSegment(name))]);

    // One line a minute, since anybody can send any host.
    private void Tell(HttpContext http)
    {
        var (now, due) = (time.GetUtcNow().Ticks, Volatile.Read(ref next));
        if (now >= due && Interlocked.CompareExchange(ref next, now + Pause.Ticks, due) == due)
            log.LogWarning(
                "A request for the host {Host} was refused: OAuth:PublicUrl says that this server is {PublicUrl}. "
                    + "It came from {Peer:l} for {Path:l}; {Count} others since the last such line.",
                AuditText.Clean(http.Request.Host.Value, AuditText.MaxName),
                settings.OAuth.Issuer,
                Peer.AddressOf(http),
                http.Request.Path.ToUriComponent(),
                Interlocked.Exchange(ref untold, 0)
            );
        else
            Interlocked.Increment(ref untold);
    }
}
