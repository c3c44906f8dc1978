using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Configuration;

/// <summary>The external authorization server of <c>Authority</c>, which replaces the embedded one.</summary>
internal static class ConfiguredAuthority
{
    private static readonly TimeSpan LongestCache = TimeSpan.FromMinutes(5);

    // Keys that would have no effect beside it. Setting one is an error, since somebody expects an effect.
    private static readonly string[] Unreachable =
    [
        "Upstream",
        "Accounts",
        "OAuth:Clients",
        "OAuth:Registration",
        "OAuth:ClientMetadataDocuments",
        "ConnectionStrings:Database",
    ];

    /// <param name="resource">The audience of tokens where no other is configured.</param>
    /// <returns>Null when none is configured.</returns>
    /// <exception cref="ConfigurationException">It is incomplete or unsafe, or other keys make no sense beside it.</exception>
    public static ExternalAuthority? Read(IConfiguration configuration, string resource)
    {
        if (!configuration.GetSection("Authority").Exists())
            return null;
        var options = configuration.Section<AuthorityOptions>("Authority");
        if (options.Issuer is null)
            throw new ConfigurationException("Authority:Issuer is missing.");
        if (Unreachable.FirstOrDefault(key => configuration.GetSection(key).Exists()) is { } unreachable)
            throw new ConfigurationException(
                $"{unreachable} has no effect with Authority:Issuer, which signs people in and registers clients elsewhere."
            );
        if ((configuration["Downstream:Token"] ?? "Received") != "Received")
            throw new ConfigurationException(
                "Downstream:Token must be Received with Authority:Issuer: this server has neither keys nor provider tokens then."
            );
        if (options.Audience is { Length: 0 } || options.Audience?.Contains("") == true)
            throw new ConfigurationException("Authority:Audience is empty.");
        if (options.TokenTypes.Length == 0)
            throw new ConfigurationException("Authority:TokenTypes is empty.");
        if (options.ClientId is null != options.ClientSecret is null)
            throw new ConfigurationException("Authority:ClientId and ClientSecret, for introspection, go together.");
        if (options.IntrospectionCache < TimeSpan.Zero || options.IntrospectionCache > LongestCache)
            throw new ConfigurationException("Authority:IntrospectionCache must be between 00:00:00 and 00:05:00.");
        return new ExternalAuthority
        {
            Issuer = ConfiguredProviders.ReadUrl(options.Issuer, "Authority:Issuer", mayEndInSlash: true),
            Audiences = options.Audience ?? [resource],
            TokenTypes = options.TokenTypes,
            ScopePrefix = options.ScopePrefix,
            ClientId = options.ClientId,
            ClientSecret = Secret.OrNull(options.ClientSecret),
            IntrospectionCache = options.IntrospectionCache,
        };
    }
}
