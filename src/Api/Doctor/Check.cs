namespace OAuthMcp.Api.Doctor;

/// <summary>One thing that is looked at. It may need what checks before it have read.</summary>
/// <param name="Look">May throw what a request throws, and is given up after <see cref="Patience"/>.</param>
internal sealed record Check(string Name, Func<Visit, CancellationToken, Task<Finding>> Look)
{
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether it looks at this machine, which goes on where the server cannot be reached.</summary>
    public bool IsLocal { get; init; }
}
