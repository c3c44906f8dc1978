using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tools;

/// <summary>The API behind the tools.</summary>
public interface IHttpBin
{
    /// <summary>GET /anything with the token for it. Trouble is an outcome with one sentence: what answered, how often it was tried.</summary>
    Task<HttpBinAnswer> GetAnythingAsync(string message, CancellationToken ct);
}

/// <param name="Sent">The tokens that were sent, which may come back anywhere in the outcome.</param>
public sealed record HttpBinAnswer(ToolOutcome<Anything> Outcome, IReadOnlyCollection<Secret> Sent);

/// <summary>What arrived at <c>/anything</c>, as it says itself.</summary>
public sealed record Anything(string Method, string Url, IReadOnlyDictionary<string, string> Args, IReadOnlyDictionary<string, string> Headers);
