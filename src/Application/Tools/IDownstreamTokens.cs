using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tools;

/// <summary>The one port that a tool asks for the token to call an API with: the caller's own, one minted for that API, or the user's at a provider.</summary>
public interface IDownstreamTokens
{
    /// <param name="caller">In whose name.</param>
    /// <param name="refused">A token of this port that the API has just answered 401 to; another one is wanted.</param>
    Task<DownstreamToken> GetAsync(Caller caller, Secret? refused, CancellationToken ct);
}

/// <summary>A token, or one sentence why there is none.</summary>
/// <param name="LinkUrl">The page where the user can mend that; null when it cannot be mended there.</param>
public sealed record DownstreamToken(Secret? Value, string? Failure = null, string? LinkUrl = null);

/// <summary>The caller's token itself: shows what a tool is handed, and goes to the one configured address.</summary>
public sealed class ReceivedTokens : IDownstreamTokens
{
    public Task<DownstreamToken> GetAsync(Caller caller, Secret? refused, CancellationToken ct) => Task.FromResult(new DownstreamToken(caller.Token));
}
