using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;

namespace OAuthMcp.Infrastructure.Persistence.Revocations;

internal static class RevocationServices
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);

    /// <summary>The feed of revocations: those who write it, the memory of this process, and who follows the one into the other.</summary>
    public static void AddRevocations(this IServiceCollection services)
    {
        services.AddScoped<RevocationFeed>();
        services.AddSingleton(provider =>
        {
            var tokens = provider.GetRequiredService<OAuthSettings>().AccessTokenLifetime;
            return new RevocationList(TimeProvider.System, tokens < LongestLife ? tokens : LongestLife);
        });
        services.AddSingleton<IRevocations>(provider => provider.GetRequiredService<RevocationList>());
        services.AddSingleton<IKnownTokens, KnownTokens>();
        services.AddHostedService<RevocationFollower>();
    }
}
