using OAuthMcp.Api.Configuration;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Infrastructure.Remote;

namespace OAuthMcp.Api.Hosting;

/// <summary>Warnings at each start, which an operator should have read once.</summary>
internal static class StartWarnings
{
    /// <summary>
    /// Warns that the callers' tokens go to another machine. MCP authorization, "Security Considerations", forbids passing a
    /// received token on; doing so is meant for an API on the same machine.
    /// </summary>
    public static void WarnOfTokensElsewhere(this ILogger log, ConfiguredDownstream downstream)
    {
        if (downstream.Elsewhere is var (key, address))
            log.LogWarning(
                "{Key:l} {Address} is another machine: the tools send each caller's access token there, "
                    + "and whoever reads it there can use it here until it expires.",
                key,
                address
            );
    }

    /// <summary>Warns that whoever reads the data directory can sign tokens and open sessions.</summary>
    public static void WarnOfClearKeys(this ILogger log, ServerSettings settings, IHostEnvironment environment)
    {
        if (settings is { OAuth.Authority: null, Protection.Count: 0 } && !environment.IsDevelopment())
            log.LogWarning(
                "Protection:CertificateFile is not set: the keys in {DataDirectory} lie beside what they seal, "
                    + "guarded by file modes alone.",
                settings.DataDirectory
            );
    }

    /// <summary>Warns that two spellings of ü are two names on this machine.</summary>
    public static void WarnOfMissingIcu(this ILogger log)
    {
        if (!TypedText.IsAvailable)
            log.LogWarning(
                "ICU is not installed here or switched off (DOTNET_SYSTEM_GLOBALIZATION_INVARIANT): "
                    + "user names and passwords beyond ASCII are only recognised as they were first typed, "
                    + "and the pages are in English alone."
            );
    }

    /// <summary>Warns that anybody may enter who has an account at a service that gives one to anybody.</summary>
    public static void WarnOfOpenDoor(this ILogger log, OAuthSettings settings)
    {
        foreach (var provider in settings.Providers.Where(provider => provider.IsOpenToAll))
            log.LogWarning(
                "Upstream: everybody with an account at {Address} may sign in; "
                    + "AllowedUsers, AllowedGroups and AllowedEmailDomains say who may.",
                provider.BaseUrl
            );
    }

    /// <summary>Names the proxy between the tools and the API behind this server.</summary>
    public static void NameProxy(this ILogger log, ConfiguredDownstream downstream)
    {
        if (downstream.Proxy is { } proxy)
            log.LogInformation(
                "Downstream:Proxy {Proxy} is what every call of the tools goes through, its token too.",
                ConfiguredDownstream.WithoutPassword(proxy)
            );
    }

    /// <summary>Names the proxies of the environment between this server and the providers.</summary>
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

    /// <summary>Warns that requests from other machines will be refused, although the server listens to them.</summary>
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
                "{Address} is every interface, and OAuth:PublicUrl is not set: this server answers for {PublicUrl} alone, "
                    + "and refuses whoever asks for it by another name.",
                everywhere,
                publicUrl
            );
    }
}
