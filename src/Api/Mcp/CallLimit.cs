using System.Security.Claims;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

internal static class CallLimit
{
    /// <summary>
    /// Keeps one caller from taking every thread and connection: what it runs beyond its share is refused, the others notice nothing.
    /// </summary>
    public static IApplicationBuilder UseCallLimit(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<RateLimits>();
        return app.Use(
            async (http, next) =>
            {
                if (!HttpMethods.IsPost(http.Request.Method) || http.User.FindFirstValue("sub") is not { } subject)
                {
                    await next(http);
                    return;
                }

                using var place = limits.EnterCall(subject);
                if (place.IsAcquired)
                    await next(http);
                else
                    await OAuthResults.Error(OAuthError.TooManyRequests(TimeSpan.FromSeconds(1))).ExecuteAsync(http);
            }
        );
    }
}
