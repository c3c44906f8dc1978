using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tools;

/// <summary>
/// Where a tool gets the token to call an API with: the caller's own, one minted for that API, or the user's at a provider.
/// </summary>
public interface IDownstreamTokens
{
    /// <param name="caller">In whose name the API is called.</param>
    /// <param name="refused">A token of this port that the API has just answered 401 to; another one is wanted.</param>
    Task<DownstreamToken> GetAsync(Caller caller, Secret? refused, CancellationToken ct);
}
