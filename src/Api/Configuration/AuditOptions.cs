namespace OAuthMcp.Api.Configuration;

/// <summary>The keys of <c>Audit</c>: how far back the trail reaches.</summary>
internal sealed record AuditOptions
{
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Of those that anybody can make many of: tool calls, tokens and refusals; 0 for no limit.</summary>
    public int MaxRoutineEvents { get; init; } = 1_000_000;

    /// <exception cref="ConfigurationException">The trail would forget at once, or a number is negative.</exception>
    public AuditOptions Check() =>
        Retention < TimeSpan.FromHours(1) ? throw new ConfigurationException("Audit:Retention must be an hour or more.")
        : MaxRoutineEvents < 0 ? throw new ConfigurationException("Audit:MaxRoutineEvents must not be negative.")
        : this;
}
