using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tools;

/// <summary>The caller's token itself, which goes to the one configured address.</summary>
internal sealed class ReceivedTokens : IDownstreamTokens
{
    public Task<DownstreamToken> GetAsync(Caller caller, Secret? refused, CancellationToken ct) =>
        Task.FromResult(new DownstreamToken(caller.Token));
}
