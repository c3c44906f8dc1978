using OAuthMcp.Application.Tools;

namespace OAuthMcp.Infrastructure.Downstream;

/// <summary>There is no token to sign with. The way out of the handlers for the sentence that says why.</summary>
internal sealed class NoTokenException(DownstreamToken answer) : Exception(answer.Failure)
{
    public DownstreamToken Answer { get; } = answer;
}
