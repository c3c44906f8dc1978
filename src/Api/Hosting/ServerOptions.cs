namespace OAuthMcp.Api.Hosting;

/// <summary>The configuration keys as they are written, section by section. README's table explains each.</summary>
internal sealed record ServerOptions
{
    public string Address { get; init; } = "localhost:8080";
    public string Transport { get; init; } = "http";
    public string DataDirectory { get; init; } = "data";
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
}

internal sealed record RegistrationOptions
{
    public bool Enabled { get; init; } = true;
    public string[]? PrivateUseSchemes { get; init; }
}

internal sealed record AccountsOptions
{
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
    public string? ChallengeScopes { get; init; }
    public string[] AllowedOrigins { get; init; } = [];
    public int UnauthenticatedGet { get; init; } = 401;
}

internal sealed record DownstreamOptions
{
    public string? BaseAddress { get; init; }
    public string Token { get; init; } = "Received";
}
