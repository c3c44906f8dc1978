using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Settings;

/// <summary>
/// What the operator configured, in the types that the use cases work with. The defaults stand in the options of each section.
/// </summary>
internal sealed record OAuthSettings
{
    /// <summary>The issuer and the base of every link: absolute, without trailing slash, never taken from a request.</summary>
    public required string Issuer { get; init; }

    /// <summary>Host and port, as a person reads them.</summary>
    public string Host => new Uri(Issuer).Authority;

    public required ResourceIndicator Resource { get; init; }

    /// <summary>Every scope that a tool asks for, plus <c>mcp.read</c>.</summary>
    public required ScopeSet SupportedScopes { get; init; }

    /// <summary>What a request without scope gets, and what the first challenge asks for.</summary>
    public required ScopeSet DefaultScopes { get; init; }

    public required TimeSpan AccessTokenLifetime { get; init; }
    public required TimeSpan RefreshTokenLifetime { get; init; }
    public required TimeSpan GrantLifetime { get; init; }
    public required TimeSpan CodeLifetime { get; init; }
    public required TimeSpan RefreshGrace { get; init; }
    public required string SigningAlgorithm { get; init; }
    public required bool RegistrationEnabled { get; init; }
    public required int MaxOpenAuthorizations { get; init; }

    /// <summary>How many of them one peer may have; 0 for no limit.</summary>
    public int MaxOpenPerPeer { get; init; }

    /// <summary>How many of them the applications of one origin may have; 0 for no limit.</summary>
    public int MaxOpenPerOrigin { get; init; }
    public required int MaxRegisteredClients { get; init; }

    /// <summary>How many of them one peer may have registered that nobody has used; 0 for no limit.</summary>
    public int MaxClientsPerPeer { get; init; }

    /// <summary>How many wrong passwords one peer may send in a minute, to all nodes together; 0 for no limit.</summary>
    public int MaxWrongPasswordsPerMinute { get; init; }

    /// <summary>How many accounts of users of providers there may be, before new users get none; 0 for no limit.</summary>
    public int MaxProviderAccounts { get; init; }

    /// <summary>Clients that the operator configured, by id. They win over any other client of that id.</summary>
    public IReadOnlyDictionary<string, Client> Clients { get; init; } = new Dictionary<string, Client>();

    /// <summary>Which documents may describe a client; null when none may.</summary>
    public MetadataDocumentPolicy? MetadataDocuments { get; init; }

    /// <summary>The external authorization server whose tokens count here; null for the embedded one.</summary>
    public ExternalAuthority? Authority { get; init; }

    /// <summary>The providers at which people may sign in, in the order of their buttons.</summary>
    public IReadOnlyList<UpstreamProvider> Providers { get; init; } = [];

    /// <summary>Whether accounts of this server, with passwords, can sign in.</summary>
    public required bool LocalAccounts { get; init; }

    /// <summary>Who may administer this server on its pages, by subject, or by name where the account has a password.</summary>
    public IReadOnlyList<string> Administrators { get; init; } = [];

    /// <summary>The one provider that everybody signs in at; null when there is a choice.</summary>
    public string? OnlyWayIn => !LocalAccounts && Providers is [var only] ? only.Name : null;

    /// <summary>Which token the tools send to the API behind this server.</summary>
    public DownstreamTokenSource DownstreamToken { get; init; } = DownstreamTokenSource.Received;

    /// <summary>The audience of exchanged tokens, which is what that API calls itself.</summary>
    public string? DownstreamAudience { get; init; }

    /// <summary>The provider whose token the tools send; null for the first.</summary>
    public string? DownstreamProvider { get; init; }

    public UpstreamProvider? FindProvider(string? name) => Providers.FirstOrDefault(provider => provider.Name == name);

    /// <summary>What a page calls the provider; null when there is none of that name.</summary>
    public string? ProviderName(string? name) => FindProvider(name)?.DisplayName;

    /// <summary>How far back the audit trail reaches.</summary>
    public TimeSpan AuditRetention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How many events it holds of those that anybody can make many of; 0 for no limit.</summary>
    public int MaxAuditEvents { get; init; } = 1_000_000;

    public required IReadOnlyCollection<string> PrivateUseSchemes { get; init; }

    public Brand Brand { get; init; } = new();

    /// <summary>The languages of the pages, as BCP 47 tags.</summary>
    public IReadOnlyList<string> Languages { get; init; } = ["en"];
}
