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
        var faults = new FoundFaults();
        foreach (var unreachable in Unreachable.Where(key => configuration.GetSection(key).Exists()))
            faults.Add($"{unreachable} has no effect with Authority:Issuer, which signs people in and registers clients elsewhere.");
        faults.Check(
            (configuration["Downstream:Token"] ?? "Received") == "Received",
            "Downstream:Token must be Received with Authority:Issuer: this server has neither keys nor provider tokens then."
        );
        faults.Check(options.Audience is not { Length: 0 } && options.Audience?.Contains("") != true, "Authority:Audience is empty.");
        faults.Check(options.TokenTypes.Length > 0, "Authority:TokenTypes is empty.");
        faults.Check(
            options.ClientId is null == options.ClientSecret is null,
            "Authority:ClientId and ClientSecret, for introspection, go together."
        );
        faults.Check(
            options.IntrospectionCache >= TimeSpan.Zero && options.IntrospectionCache <= LongestCache,
            "Authority:IntrospectionCache must be between 00:00:00 and 00:05:00."
        );
        var issuer = faults.Of(() => ConfiguredProviders.ReadUrl(options.Issuer, "Authority:Issuer", mayEndInSlash: true), "");
        faults.ThrowIfAny();
        return new ExternalAuthority
        {
            Issuer = issuer,
            Audiences = options.Audience ?? [resource],
            TokenTypes = options.TokenTypes,
            ScopePrefix = options.ScopePrefix,
            ClientId = options.ClientId,
            ClientSecret = Secret.OrNull(options.ClientSecret),
            IntrospectionCache = options.IntrospectionCache,
        };
    }
}
