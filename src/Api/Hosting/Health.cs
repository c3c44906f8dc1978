using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Infrastructure.Operations;

namespace OAuthMcp.Api.Hosting;

internal static class Health
{
    /// <summary>
    /// Live means that the process answers. Ready means that it can serve, with its database where it has one, and is not about to
    /// end.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder routes, ServerSettings settings)
    {
        string[] read = [HttpMethods.Get, HttpMethods.Head]; // RFC 9110 §9.1, and what some probes send
        var probes = routes.MapGroup("/health").WithMetadata(new NeedsNoDatabaseAttribute());
        probes.MapMethods("/live", read, () => OAuthResults.Json(new { Status = "live" }));
        probes.MapGet("/stream", ProbeStream.SendAsync).RequireRateLimiting(PeerLimits.Page);
        if (settings.OAuth.Authority is not null)
            probes.MapMethods("/ready", read, (Readiness readiness) => Answer(readiness, trouble: null, warning: null));
        else
            probes.MapMethods("/ready", read, async (Readiness readiness, DatabaseHealth database, CancellationToken ct) =>
                Answer(readiness, await database.FindTroubleAsync(ct), database.Warning)
            );
    }

    private static IResult Answer(Readiness readiness, string? trouble, string? warning)
    {
        readiness.Ask();
        return readiness.IsStopping ? OAuthResults.Json(new { Status = "stopping" }, StatusCodes.Status503ServiceUnavailable)
            : !readiness.IsPrepared ? Unavailable("starting", trouble ?? "The database is being prepared.")
            : trouble is null ? OAuthResults.Json(new { Status = "ready", Warning = warning })
            : Unavailable("database unavailable", trouble);
    }

    private static IResult Unavailable(string status, string reason) =>
        OAuthResults.Json(new { Status = status, Reason = reason }, StatusCodes.Status503ServiceUnavailable);
}
