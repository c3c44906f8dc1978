namespace OAuthMcp.Api.Hosting;

internal static class DevelopmentHttpBin
{
    /// <summary>
    /// The part of httpbin that the tools need, in this process and in Development only. The first run then works offline, and the
    /// token stays on the machine.
    /// </summary>
    public static void MapDevelopmentHttpBin(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/anything", (HttpRequest request) => Results.Json(
                new
                {
                    args = request.Query.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString()),
                    data = "",
                    files = new { },
                    form = new { },
                    headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
                    json = (object?)null,
                    method = request.Method,
                    origin = request.HttpContext.Connection.RemoteIpAddress?.ToString(),
                    url = $"{request.Scheme}://{request.Host}{request.Path}{request.QueryString}",
                }
            ));
}
