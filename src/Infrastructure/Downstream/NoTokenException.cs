using OAuthMcp.Application.Tools;

namespace OAuthMcp.Infrastructure.Downstream;

/// <summary>There is no token to send. It carries the sentence that says why through the HTTP handlers.</summary>
internal sealed class NoTokenException(DownstreamToken answer) : Exception(answer.Failure)
{
    public DownstreamToken Answer { get; } = answer;
}
