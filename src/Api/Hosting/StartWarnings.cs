using OAuthMcp.Api.Configuration;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Infrastructure.Remote;

namespace OAuthMcp.Api.Hosting;

/// <summary>What an operator should have read once, said at each start.</summary>
internal static class StartWarnings
{
    /// <summary>
    /// Says where the callers' tokens go. MCP authorization, "Security Considerations", forbids passing a received token on:
    /// this is for an API on the same machine, and who sends tokens farther should have read so once.
    /// </summary>
    public static void WarnOfTokensElsewhere(this ILogger log, ConfiguredDownstream downstream)
    {
        if (downstream.Elsewhere is var (key, address))
            log.LogWarning(
                "{Key:l} {Address} is another machine: the tools send each caller's access token there, and whoever reads it there can use it here until it expires.",
                key,
                address
            );
    }

    /// <summary>Says that whoever reads the data directory can sign tokens and open sessions.</summary>
    public static void WarnOfClearKeys(this ILogger log, ServerSettings settings, IHostEnvironment environment)
    {
        if (settings is { OAuth.Authority: null, Protection.Count: 0 } && !environment.IsDevelopment())
            log.LogWarning(
                "Protection:CertificateFile is not set: the keys in {DataDirectory} lie beside what they seal, guarded by file modes alone.",
                settings.DataDirectory
            );
    }

    /// <summary>Says that this machine takes ü for two different names, by how it was typed.</summary>
    public static void WarnOfMissingIcu(this ILogger log)
    {
        if (!TypedText.IsAvailable)
            log.LogWarning(
                "ICU is not installed here or switched off (DOTNET_SYSTEM_GLOBALIZATION_INVARIANT): user names and passwords beyond ASCII are only recognised as they were first typed."
            );
    }

    /// <summary>Says that everybody may enter who has an account at a service that gives one to everybody.</summary>
    public static void WarnOfOpenDoor(this ILogger log, OAuthSettings settings)
    {
        foreach (var provider in settings.Providers.Where(provider => provider.IsOpenToAll))
            log.LogWarning(
                "Upstream: everybody with an account at {Address} may sign in; AllowedUsers, AllowedGroups and AllowedEmailDomains say who may.",
                provider.BaseUrl
            );
    }

    /// <summary>Names what stands between the tools and the API behind.</summary>
    public static void NameProxy(this ILogger log, ConfiguredDownstream downstream)
    {
        if (downstream.Proxy is { } proxy)
            log.LogInformation(
                "Downstream:Proxy {Proxy} is what every call of the tools goes through, its token too.",
                ConfiguredDownstream.WithoutPassword(proxy)
            );
    }

    /// <summary>Names what the environment puts between this server and the servers where people sign in.</summary>
    public static void NameProxies(this ILogger log, OAuthSettings settings)
    {
        var proxies = new EnvironmentProxy();
        foreach (var server in settings.Providers.Select(provider => provider.BaseUrl).Append(settings.Authority?.Issuer).OfType<string>())
            if (new Uri(server) is var address && !proxies.IsBypassed(address) && proxies.GetProxy(address) is { } proxy)
                log.LogInformation(
                    "{Server} is asked through the environment's proxy {Proxy}.",
                    server,
                    ConfiguredDownstream.WithoutPassword(proxy)
                );
    }

    /// <summary>Says why another machine will be refused, where the server listens to it.</summary>
    public static void WarnOfEveryInterface(this ILogger log, IEnumerable<string> addresses, Uri publicUrl)
    {
        if (
            addresses.FirstOrDefault(address =>
                address.Contains("://[::]", StringComparison.Ordinal)
                || address.Contains("://0.0.0.0", StringComparison.Ordinal)
                || address.Contains("://*", StringComparison.Ordinal)
                || address.Contains("://+", StringComparison.Ordinal)
            ) is
            { } everywhere
        )
            log.LogWarning(
                "{Address} is every interface, and OAuth:PublicUrl is not set: this server answers for {PublicUrl} alone, and refuses whoever asks for it by another name.",
                everywhere,
                publicUrl
            );
    }
}
