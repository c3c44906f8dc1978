using OAuthMcp.Api.OAuth;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Api.Hosting;

internal static class Health
{
    /// <summary>Live: the process answers. Ready: it can serve, which takes its database where it has one.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes, ServerSettings settings)
    {
        routes.MapGet("/health/live", () => OAuthResults.Json(new { Status = "live" }));
        if (settings.OAuth.Authority is not null) routes.MapGet("/health/ready", () => OAuthResults.Json(new { Status = "ready" }));
        else routes.MapGet("/health/ready", async (Database database, CancellationToken ct) => await database.AnswersAsync(ct)
            ? OAuthResults.Json(new { Status = "ready" })
            : OAuthResults.Json(new { Status = "database unavailable" }, StatusCodes.Status503ServiceUnavailable));
    }
}
