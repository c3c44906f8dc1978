using OAuthMcp.Api.Pages;

namespace OAuthMcp.Api.Hosting;

internal static class SecurityHeaders
{
    // No form-action: browsers apply it to the whole chain of redirects, which ends at a client (CSP 3 §6.4.2).
    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>
    /// Nothing leaks by referrer, nothing is framed, and nothing is cached unless its endpoint says so (RFC 9700 §4.2.4 and §4.16), nor
    /// kept back on its way.
    /// </summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app, bool isHttps) =>
        app.Use(next =>
            http =>
            {
                http.Response.OnStarting(() =>
                {
                    var headers = http.Response.Headers;
                    headers.XContentTypeOptions = "nosniff";
                    headers.XFrameOptions = "DENY";
                    headers.ContentSecurityPolicy = PolicyOf(http.GetEndpoint()?.Metadata);
                    headers["Referrer-Policy"] = "no-referrer";
                    if (isHttps)
                        headers.StrictTransportSecurity = "max-age=31536000";
                    if (
                        string.IsNullOrEmpty(headers.CacheControl)
                        || headers.CacheControl.ToString().StartsWith("no-cache", StringComparison.Ordinal)
                    )
                        headers.CacheControl = "no-store";
                    headers.Remove("Pragma");
                    if (headers.ContentType.ToString().StartsWith("text/event-stream", StringComparison.Ordinal))
                        headers["X-Accel-Buffering"] = "no"; // nginx, and whoever does as it does, sends events on as they come
                    return Task.CompletedTask;
                });
                return next(http);
            }
        );

    private static string PolicyOf(EndpointMetadataCollection? endpoint) =>
        endpoint?.GetMetadata<ContentPolicy>() is { } own ? own.Value
        : endpoint?.GetMetadata<UsesScriptAttribute>() is null ? ContentSecurityPolicy
        : $"{ContentSecurityPolicy}; script-src 'self'";
}
