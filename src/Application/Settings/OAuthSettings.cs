using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Settings;

/// <summary>What the operator configured, in the types the use cases work with. Built once by the composition root.</summary>
public sealed record OAuthSettings
{
    /// <summary>The issuer and the base of every link: absolute, without trailing slash, never taken from a request.</summary>
    public required string Issuer { get; init; }

    public required ResourceIndicator Resource { get; init; }

    /// <summary>Every scope that a tool asks for, plus <c>mcp.read</c>.</summary>
    public required ScopeSet SupportedScopes { get; init; }

    /// <summary>What a request without scope gets, and what the first challenge asks for.</summary>
    public required ScopeSet DefaultScopes { get; init; }

    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);
    public TimeSpan RefreshTokenLifetime { get; init; } = TimeSpan.FromDays(30);
    public TimeSpan GrantLifetime { get; init; } = TimeSpan.FromDays(90);
    public TimeSpan CodeLifetime { get; init; } = TimeSpan.FromMinutes(1);
    public TimeSpan RefreshGrace { get; init; } = TimeSpan.FromSeconds(10);
    public string SigningAlgorithm { get; init; } = "ES256";
    public bool RegistrationEnabled { get; init; } = true;
    public int MaxOpenAuthorizations { get; init; } = 100_000;
    public int MaxRegisteredClients { get; init; } = 10_000;

    /// <summary>Clients that the operator configured, by id. They win over every other of that id.</summary>
    public IReadOnlyDictionary<string, Client> Clients { get; init; } = new Dictionary<string, Client>();

    /// <summary>Which documents may describe a client; null when none may.</summary>
    public MetadataDocumentPolicy? MetadataDocuments { get; init; }

    /// <summary>The external authorization server whose tokens count here; null for the embedded one.</summary>
    public ExternalAuthority? Authority { get; init; }

    /// <summary>Where people may sign in with an account that they have elsewhere, in the order of their buttons.</summary>
    public IReadOnlyList<UpstreamProvider> Providers { get; init; } = [];

    /// <summary>Whether accounts of this server, with passwords, can sign in.</summary>
    public bool LocalAccounts { get; init; } = true;

    /// <summary>The one provider that everybody signs in at; null when there is a choice.</summary>
    public string? OnlyWayIn => !LocalAccounts && Providers is [var only] ? only.Name : null;

    /// <summary>Which token the tools send to the API behind.</summary>
    public DownstreamTokenSource DownstreamToken { get; init; } = DownstreamTokenSource.Received;

    /// <summary>The audience of exchanged tokens: the API behind, as it calls itself.</summary>
    public string? DownstreamAudience { get; init; }

    /// <summary>The provider whose token the tools send; null for the first.</summary>
    public string? DownstreamProvider { get; init; }

    public UpstreamProvider? FindProvider(string? name) => Providers.FirstOrDefault(provider => provider.Name == name);

    /// <summary>What a page calls the provider; null when there is none of that name.</summary>
    public string? ProviderName(string? name) => FindProvider(name)?.DisplayName;

    public IReadOnlyCollection<string> PrivateUseSchemes { get; init; } = RedirectUri.KnownSchemes;
}
