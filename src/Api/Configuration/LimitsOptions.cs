namespace OAuthMcp.Api.Configuration;

/// <summary>The keys of <c>Limits</c>: how much, how often and how slowly clients may send. 0 switches a limit off.</summary>
internal sealed record LimitsOptions
{
    public int OAuthBodyBytes { get; init; } = 16 * 1024;
    public int PageBodyBytes { get; init; } = 16 * 1024;
    public int McpBodyBytes { get; init; } = 1024 * 1024;
    public int HeaderBytes { get; init; } = 32 * 1024;
    public int FormKeys { get; init; } = 64;
    public int Connections { get; init; } = 10_000;
    public int HeaderSeconds { get; init; } = 30;
    public int BodyBytesPerSecond { get; init; } = 240;
    public int TokenPerMinute { get; init; } = 3000;
    public int FailedClientsPerMinute { get; init; } = 600;
    public int OpenAuthorizations { get; init; } = 100_000;
    public int OpenAuthorizationsPerPeer { get; init; } = 1_000;
    public int OpenAuthorizationsPerOrigin { get; init; } = 50_000;
    public int UnusedClientsPerPeer { get; init; } = 10_000;
    public int ProviderAccounts { get; init; } = 100_000;
    public int AuthorizePerMinute { get; init; } = 1200;
    public int SignInPerMinute { get; init; } = 300;
    public int PagesPerMinute { get; init; } = 1200;
    public int PasswordChecks { get; init; } = 4;
    public int WriteQueue { get; init; } = 1000;
    public int McpConcurrentPerUser { get; init; } = 100;
    public int McpSessionsPerUser { get; init; } = 100;
    public int McpStreamsPerUser { get; init; } = 100;

    /// <exception cref="ConfigurationException">A limit is negative.</exception>
    public LimitsOptions Check()
    {
        var faults = new FoundFaults();
        foreach (var property in typeof(LimitsOptions).GetProperties().Where(property => property.PropertyType == typeof(int)))
            faults.Check((int)property.GetValue(this)! >= 0, $"Limits:{property.Name} must not be negative.");
        faults.ThrowIfAny();
        return this;
    }
}
