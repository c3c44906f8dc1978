namespace OAuthMcp.Application.Tools;

/// <summary>There is no token to send. It carries the sentence that says why from the HTTP handlers to the result of the tool.</summary>
public sealed class NoTokenException(DownstreamToken answer) : Exception(answer.Failure)
{
    /// <summary>Why, and where the user can mend it.</summary>
    public DownstreamToken Answer { get; } = answer;
}
