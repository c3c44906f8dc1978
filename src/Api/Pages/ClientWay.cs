namespace OAuthMcp.Api.Pages;

/// <summary>How one client connects.</summary>
/// <param name="Text">What to copy.</param>
internal sealed record ClientWay(string Client, string How, string Text)
{
    /// <summary>An address that the client itself answers to, or null.</summary>
    public string? Link { get; init; }

    /// <summary>Whether it connects from machines of its makers, which reach public addresses alone.</summary>
    public bool IsElsewhere { get; init; }
}
