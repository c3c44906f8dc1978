using System.Text.Json;
using System.Text.Json.Serialization;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Http;

/// <summary>Answers of the OAuth endpoints: snake_case members, never null and never cached, with one table of statuses.</summary>
internal static class OAuthResults
{
    public static readonly JsonSerializerOptions Wire = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Default,
    };

    public static IResult Json<T>(T answer, int status = StatusCodes.Status200OK) =>
        new JsonAnswer(_ => JsonSerializer.SerializeToUtf8Bytes(answer, Wire), status, null);

    public static IResult Error(OAuthError error) => Error(error, StatusOf(error));

    /// <summary>With the trace id, by which the operator finds in the log what the caller is not told.</summary>
    public static IResult Error(OAuthError error, int status) =>
        new JsonAnswer(
            http => JsonSerializer.SerializeToUtf8Bytes(new ErrorAnswer(error.Code, error.Description, http.TraceIdentifierOf()), Wire),
            status,
            error
        );

    /// <summary>RFC 6749 §5.2, RFC 6750 §3.1; 503 for failures that pass by themselves.</summary>
    public static int StatusOf(OAuthError error) =>
        error.Code switch
        {
            "invalid_client" or "invalid_token" => StatusCodes.Status401Unauthorized,
            "insufficient_scope" => StatusCodes.Status403Forbidden,
            "server_error" => StatusCodes.Status500InternalServerError,
            "too_many_requests" => StatusCodes.Status429TooManyRequests,
            "upstream_error" => StatusCodes.Status502BadGateway,
            "temporarily_unavailable" => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        };

    private sealed record ErrorAnswer(string Error, string ErrorDescription, string TraceId);

    private sealed class JsonAnswer(Func<HttpContext, byte[]> write, int status, OAuthError? error) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            if (error is not null)
                http.Explain(error);
            http.Response.StatusCode = status;
            http.Response.ContentType = "application/json";
            http.Response.Headers.CacheControl = "no-store";
            if (error?.Code == "invalid_client")
                http.Response.Headers.WWWAuthenticate = "Basic realm=\"oauthmcp\"";
            if (error?.RetryAfter is { } wait)
                RetryAfter.Tell(http.Response, wait);
            var body = write(http);
            http.Response.ContentLength = body.Length;
            return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
        }
    }
}
