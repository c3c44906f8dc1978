namespace OAuthMcp.Application.Audit;

/// <summary>What a request says of itself, before anything is known of who is behind it.</summary>
/// <param name="What">One of <see cref="AuditWords"/>.</param>
/// <param name="Act">What exactly.</param>
internal sealed record Audited(string What, string? Act = null)
{
    /// <summary>What it names, as it came.</summary>
    public string? Name { get; init; }

    public string? Subject { get; init; }
    public string? ClientId { get; init; }

    /// <summary>Whether it is done so often that its events wait in memory. Others are written before the answer.</summary>
    public bool IsRoutine { get; init; }

    /// <summary>Whether being served alone is no event.</summary>
    public bool IsOfRefusals { get; init; }
}
