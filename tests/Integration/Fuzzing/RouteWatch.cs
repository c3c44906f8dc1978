using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OAuthMcp.Integration.Fuzzing;

/// <summary>Remembers which routes of the server were asked for.</summary>
internal sealed class RouteWatch : IStartupFilter
{
    private readonly ConcurrentDictionary<string, int> hits = new();

    /// <summary>Each with how often.</summary>
    public IReadOnlyDictionary<string, int> Hits => hits;

    /// <summary>Methods and pattern: what tells a route from all others.</summary>
    public static string NameOf(RouteEndpoint route)
    {
        var methods = route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];
        return $"{string.Join(' ', methods)} /{route.RoutePattern.RawText!.Trim('/')}";
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(follow =>
                async http =>
                {
                    await follow(http);
                    if (http.GetEndpoint() is RouteEndpoint route)
                        hits.AddOrUpdate(NameOf(route), 1, (_, count) => count + 1);
                }
            );
            next(app);
        };
}
