namespace OAuthMcp.Api.Configuration;

/// <summary>The keys of <c>OAuth:Registration</c>: whether clients may register themselves, how fast and how many.</summary>
internal sealed record RegistrationOptions
{
    public bool Enabled { get; init; } = true;
    public int PerMinute { get; init; } = 300;
    public int MaxClients { get; init; } = 100_000;
    public string[]? PrivateUseSchemes { get; init; }

    /// <exception cref="ConfigurationException">A number is negative.</exception>
    public RegistrationOptions Check() =>
        this is { PerMinute: >= 0, MaxClients: >= 0 }
            ? this
            : throw new ConfigurationException("OAuth:Registration:PerMinute and MaxClients must not be negative.");
}
