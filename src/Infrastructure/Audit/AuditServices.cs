using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Audit;

namespace OAuthMcp.Infrastructure.Audit;

internal static class AuditServices
{
    /// <summary>The name of its stream in the log.</summary>
    public const string Category = "OAuthMcp.Audit";

    /// <summary>The audit trail.</summary>
    /// <param name="hasTable">Whether there is a database. Where there is none, the stream of the log is all there is.</param>
    public static IServiceCollection AddAudit(this IServiceCollection services, bool hasTable)
    {
        services.AddSingleton<AuditSampling>().AddSingleton<AuditBuffer>().AddSingleton<AuditStream>();
        services.AddSingleton(provider => new AuditTrail(
            provider.GetRequiredService<AuditBuffer>(),
            provider.GetRequiredService<AuditStream>(),
            provider.GetRequiredService<IServiceScopeFactory>(),
            hasTable
        ));
        services.AddSingleton<IAuditTrail>(provider => provider.GetRequiredService<AuditTrail>());
        return services.AddHostedService<AuditWriter>();
    }
}
