namespace OAuthMcp.Load;

internal enum Outcome
{
    Good,
    Bad,

    /// <summary>There was nothing left to do.</summary>
    Over,
}
