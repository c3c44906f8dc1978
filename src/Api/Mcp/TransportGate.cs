using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// What the transport asks of a request apart from its token: an origin that may speak, and a method that leads somewhere.
/// </summary>
internal static class TransportGate
{
    /// <summary>MCP streamable HTTP, "Security Warning": a foreign Origin is a page that reaches for a server it should not see.</summary>
    public static IApplicationBuilder UseOriginCheck(this IApplicationBuilder app, ServerSettings settings) =>
        app.Use(next =>
            http =>
                http.Request.Headers.Origin is [{ } origin, ..]
                && !settings.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase)
                    ? OAuthResults
                        .Error(new OAuthError("forbidden_origin", "This origin is not allowed."), StatusCodes.Status403Forbidden)
                        .ExecuteAsync(http)
                : settings.OAuth.Authority is null && IsBrowser(http) ? ShowHowToConnect(http)
                : settings.RefusesGetWith405 && IsGetOrDelete(http) && !http.Request.Headers.ContainsKey("Authorization")
                    ? MethodNotAllowed(http)
                : next(http)
        );

    /// <summary>
    /// Without a session there is no stream to open or end: a quick answer, not a stream that hangs. A message is JSON: the SDK would
    /// fail on another type.
    /// </summary>
    public static IApplicationBuilder UseSessionCheck(this IApplicationBuilder app) =>
        app.Use(next =>
            http =>
                IsGetOrDelete(http) && !http.Request.Headers.ContainsKey("Mcp-Session-Id") ? MethodNotAllowed(http)
                : HttpMethods.IsPost(http.Request.Method) && http.GetEndpoint() is not null && !http.Request.HasJsonContentType()
                    ? OAuthResults
                        .Error(
                            OAuthError.InvalidRequest("The content type must be application/json."),
                            StatusCodes.Status415UnsupportedMediaType
                        )
                        .ExecuteAsync(http)
                : next(http)
        );

    // Below the endpoint there is nothing, which is a 404: clients look for metadata under /mcp/.well-known.
    private static bool IsGetOrDelete(HttpContext http) =>
        http.GetEndpoint() is not null && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsDelete(http.Request.Method));

    // Somebody who opened the address in a browser, which no client of MCP looks like.
    private static bool IsBrowser(HttpContext http) =>
        http.GetEndpoint() is not null
        && HttpMethods.IsGet(http.Request.Method)
        && !http.Request.Headers.ContainsKey("Authorization")
        && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static Task ShowHowToConnect(HttpContext http)
    {
        http.Response.Headers.Vary = "Accept";
        http.Response.Redirect("/");
        return Task.CompletedTask;
    }

    private static Task MethodNotAllowed(HttpContext http)
    {
        http.Response.Headers.Allow = "POST";
        return OAuthResults
            .Error(
                new OAuthError("method_not_allowed", "Only POST is served here without a session."),
                StatusCodes.Status405MethodNotAllowed
            )
            .ExecuteAsync(http);
    }
}
