using OAuthMcp.Api.Http;

namespace OAuthMcp.Api.Hosting;

/// <summary>Keeps requests out while the database server is waited for at the start, but for those that need nothing of it.</summary>
internal static class StartGate
{
    public static IApplicationBuilder UseStartGate(this IApplicationBuilder app, Readiness readiness) =>
        app.Use(next =>
            http =>
                readiness.IsPrepared || http.GetEndpoint() is null || NeedsNoDatabaseAttribute.IsOn(http)
                    ? next(http)
                    : throw new TimeoutException("The database server is still waited for.")
        );
}
