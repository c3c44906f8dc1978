using System.Text.RegularExpressions;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Api.Configuration;

/// <summary>The providers of <c>Upstream</c>: the section itself is one, its <c>Providers</c> are more.</summary>
internal static partial class ConfiguredProviders
{
    private static readonly string[] ReservedParameters =
    [
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "response_mode",
    ];

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,31}$")]
    private static partial Regex ProviderName { get; }

    /// <exception cref="ConfigurationException">A provider is incomplete, unsafe or named twice.</exception>
    public static IReadOnlyList<UpstreamProvider> Read(UpstreamOptions upstream)
    {
        var faults = new FoundFaults();
        var configured = new List<UpstreamProvider>();
        if (IsProvider(upstream))
            faults.Check(() => configured.Add(Read(upstream, "Upstream")));
        foreach (var (i, options) in upstream.Providers.Index())
            faults.Check(() =>
            {
                var provider = Read(options, $"Upstream:Providers:{i}");
                if (configured.Exists(other => other.Name == provider.Name))
                    throw new ConfigurationException($"Upstream:Providers:{i}:Name {provider.Name} is taken.");
                configured.Add(provider);
            });
        faults.ThrowIfAny();
        return configured;
    }

    // Any key makes the section a provider, since rules that apply to none of the Providers would be a hole.
    private static bool IsProvider(UpstreamOptions options) =>
        new[] { options.Name, options.Provider, options.DisplayName, options.BaseUrl, options.ClientId, options.ClientSecret }.Any(text =>
            text is not null
        )
        || options.Scopes is not null
        || options.Parameters.Count + options.AllowedUsers.Length + options.AllowedGroups.Length + options.AllowedEmailDomains.Length > 0;

    private static UpstreamProvider Read(UpstreamProviderOptions options, string path)
    {
        var kind = options.Provider is null
            ? ProviderKind.GitHub
            : ProviderKind.Find(options.Provider) ?? throw new ConfigurationException($"{path}:Provider must be {ProviderKind.Names}.");
        if (options.ClientId is not { Length: > 0 } clientId)
            throw new ConfigurationException($"{path}:ClientId is missing.");
        if (options.ClientSecret is null && kind.NeedsSecret)
            throw new ConfigurationException($"{path}:ClientSecret is missing.");
        if (options.ClientSecret is "")
            throw new ConfigurationException($"{path}:ClientSecret is empty.");
        var name = options.Name ?? kind.Name;
        if (!ProviderName.IsMatch(name))
            throw new ConfigurationException($"{path}:Name must be 1 to 32 lower-case letters, digits and hyphens.");
        if (
            options.Parameters.Keys.FirstOrDefault(key => ReservedParameters.Contains(key, StringComparer.OrdinalIgnoreCase)) is
            { } reserved
        )
            throw new ConfigurationException($"{path}:Parameters: {reserved} is set by the server.");

        return new UpstreamProvider
        {
            Name = name,
            DisplayName = options.DisplayName ?? kind.DisplayName,
            Kind = kind,
            BaseUrl = ReadUrl(
                options.BaseUrl ?? kind.BaseUrl ?? throw new ConfigurationException($"{path}:BaseUrl is missing: the issuer."),
                $"{path}:BaseUrl",
                mayEndInSlash: kind.OwnsLastSlash
            ),
            CallbackPath = path == "Upstream" ? "/signin/callback" : $"/signin/callback/{name}",
            ClientId = clientId,
            ClientSecret = Secret.OrNull(options.ClientSecret),
            Scopes = options.Scopes ?? Scopes(kind, options),
            Parameters = options.Parameters,
            Rules = new EntryRules(options.AllowedUsers, options.AllowedGroups, options.AllowedEmailDomains, kind.NamesAreUnique),
        };
    }

    /// <summary>An issuer or base: https unless loopback, without query or fragment. An issuer's last slash belongs to it.</summary>
    public static string ReadUrl(string url, string path, bool mayEndInSlash) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback))
        && uri.UserInfo == ""
        && uri.Query == ""
        && uri.Fragment == ""
            ? mayEndInSlash
                ? url
                : url.TrimEnd('/')
            : throw new ConfigurationException($"{path} must be an absolute https URL; http is for loopback alone.");

    // As little as the rules need; the operator adds what the tools need.
    private static string[] Scopes(ProviderKind kind, UpstreamProviderOptions options) =>
        [
            .. kind.SignInScopes,
            .. options.AllowedEmailDomains.Length > 0 ? kind.EmailScopes : [],
            .. options.AllowedGroups.Length > 0 ? kind.GroupScopes : [],
        ];
}
