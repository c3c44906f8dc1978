using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// What the transport asks of a request apart from its token. Each method is one check, in the order in which they are used.
/// </summary>
internal static class TransportGate
{
    /// <summary>A foreign Origin is a page that reaches for a server it should not see (MCP streamable HTTP, "Security Warning").</summary>
    public static IApplicationBuilder UseOriginCheck(this IApplicationBuilder app, ServerSettings settings) =>
        app.AnswerWhere(
            http =>
                http.Request.Headers.Origin is [{ } origin, ..]
                && !settings.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase),
            http =>
                OAuthResults
                    .Error(new OAuthError("forbidden_origin", "This origin is not allowed."), StatusCodes.Status403Forbidden)
                    .ExecuteAsync(http)
        );

    /// <summary>Shows somebody who opens the address in a browser how to connect, where this server has pages.</summary>
    public static IApplicationBuilder UseHowToConnect(this IApplicationBuilder app, ServerSettings settings) =>
        app.AnswerWhere(http => settings.OAuth.Authority is null && IsBrowser(http), ShowHowToConnect);

    /// <summary>Answers a GET or DELETE without a token 405 instead of 401, where that is configured.</summary>
    public static IApplicationBuilder UseMethodCheck(this IApplicationBuilder app, ServerSettings settings) =>
        app.AnswerWhere(
            http => settings.AnswersGetWith405 && IsGetOrDelete(http) && !http.Request.Headers.ContainsKey("Authorization"),
            MethodNotAllowed
        );

    /// <summary>
    /// Answers at once that there is no stream to open or end without a session. Clients would take a stream without events for a
    /// slow one.
    /// </summary>
    public static IApplicationBuilder UseSessionCheck(this IApplicationBuilder app) =>
        app.AnswerWhere(http => IsGetOrDelete(http) && !http.Request.Headers.ContainsKey("Mcp-Session-Id"), MethodNotAllowed);

    /// <summary>Requires JSON, since the SDK would fail on another type.</summary>
    public static IApplicationBuilder UseContentTypeCheck(this IApplicationBuilder app) =>
        app.AnswerWhere(
            http => HttpMethods.IsPost(http.Request.Method) && http.GetEndpoint() is not null && !http.Request.HasJsonContentType(),
            http =>
                OAuthResults
                    .Error(
                        OAuthError.InvalidRequest("The content type must be application/json."),
                        StatusCodes.Status415UnsupportedMediaType
                    )
                    .ExecuteAsync(http)
        );

    private static IApplicationBuilder AnswerWhere(this IApplicationBuilder app, Predicate<HttpContext> applies, RequestDelegate answer) =>
        app.Use(next => http => applies(http) ? answer(http) : next(http));

    // Not below the endpoint, where the answer is 404: clients look for metadata under /mcp/.well-known.
    private static bool IsGetOrDelete(HttpContext http) =>
        http.GetEndpoint() is not null && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsDelete(http.Request.Method));

    // A client of MCP asks for no HTML.
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
