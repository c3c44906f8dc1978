namespace OAuthMcp.Api.Configuration;

/// <summary>The configuration keys as they are written, section by section. README's table explains each.</summary>
internal sealed record ServerOptions
{
    public string Address { get; init; } = "localhost:8080";
    public string Transport { get; init; } = "http";
    public string DataDirectory { get; init; } = "data";
    public string[] TrustedProxies { get; init; } = [];
}

internal sealed record OAuthOptions
{
    public string? PublicUrl { get; init; }
    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);
    public TimeSpan RefreshTokenLifetime { get; init; } = TimeSpan.FromDays(30);
    public TimeSpan GrantLifetime { get; init; } = TimeSpan.FromDays(90);
    public TimeSpan CodeLifetime { get; init; } = TimeSpan.FromMinutes(1);
    public TimeSpan RefreshGrace { get; init; } = TimeSpan.FromSeconds(10);
    public string SigningAlgorithm { get; init; } = "ES256";
    public RegistrationOptions Registration { get; init; } = new();
    public MetadataDocumentOptions ClientMetadataDocuments { get; init; } = new();
    public ClientOptions[] Clients { get; init; } = [];
}

internal sealed record RegistrationOptions
{
    public bool Enabled { get; init; } = true;
    public int PerMinute { get; init; } = 300;
    public int MaxClients { get; init; } = 100_000;
    public string[]? PrivateUseSchemes { get; init; }
}

internal sealed record MetadataDocumentOptions
{
    public bool Enabled { get; init; } = true;
    public string[] AllowedHosts { get; init; } = [];
    public bool AllowLoopback { get; init; }
}

internal sealed record ClientOptions
{
    public string? ClientId { get; init; }
    public string? ClientSecret { get; init; }
    public string? Jwks { get; init; }
    public string? ClientName { get; init; }
    public string[] RedirectUris { get; init; } = [];
    public string[]? GrantTypes { get; init; }
    public string[] Scopes { get; init; } = [];
    public string? TokenEndpointAuthMethod { get; init; }
}

/// <summary>How much and how often; 0 switches a limit off.</summary>
internal sealed record LimitsOptions
{
    public int OAuthBodyBytes { get; init; } = 16 * 1024;
    public int McpBodyBytes { get; init; } = 1024 * 1024;
    public int HeaderBytes { get; init; } = 32 * 1024;
    public int FormKeys { get; init; } = 64;
    public int TokenPerMinute { get; init; } = 3000;
    public int FailedClientsPerMinute { get; init; } = 600;
    public int OpenAuthorizations { get; init; } = 100_000;
    public int AuthorizePerMinute { get; init; } = 1200;
    public int SignInPerMinute { get; init; } = 300;
    public int PasswordChecks { get; init; } = 4;
    public int McpConcurrentPerUser { get; init; } = 100;
    public int McpSessionsPerUser { get; init; } = 100;
    public int McpStreamsPerUser { get; init; } = 100;
}

internal sealed record AccountsOptions
{
    public bool? Local { get; init; }
    public SeedAccount[] Seed { get; init; } = [];
}

internal sealed record SeedAccount
{
    public string? UserName { get; init; }
    public string? Password { get; init; }
}

internal sealed record McpOptions
{
    public string SessionMode { get; init; } = "StatefulForInitializeClients";
    public string[] ChallengeScopes { get; init; } = [];
    public string[] AllowedOrigins { get; init; } = [];
    public int UnauthenticatedGet { get; init; } = 401;
    public bool ChallengeInToolResults { get; init; }
}

internal sealed record DownstreamOptions
{
    public string? BaseAddress { get; init; }
    public string Token { get; init; } = "Received";
    public string? Audience { get; init; }
    public string? Provider { get; init; }
}

internal sealed record AuthorityOptions
{
    public string? Issuer { get; init; }
    public string[]? Audience { get; init; }
    public string[] TokenTypes { get; init; } = ["at+jwt"];
    public string ScopePrefix { get; init; } = "";
    public string? ClientId { get; init; }
    public string? ClientSecret { get; init; }
    public TimeSpan IntrospectionCache { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>One provider, as the section itself or as an entry of its <c>Providers</c>.</summary>
internal record UpstreamProviderOptions
{
    public string? Name { get; init; }
    public string? Provider { get; init; }
    public string? DisplayName { get; init; }
    public string? BaseUrl { get; init; }
    public string? ClientId { get; init; }
    public string? ClientSecret { get; init; }
    public string[]? Scopes { get; init; }
    public Dictionary<string, string> Parameters { get; init; } = [];
    public string[] AllowedUsers { get; init; } = [];
    public string[] AllowedGroups { get; init; } = [];
    public string[] AllowedEmailDomains { get; init; } = [];
}

internal sealed record UpstreamOptions : UpstreamProviderOptions
{
    public UpstreamProviderOptions[] Providers { get; init; } = [];
}
