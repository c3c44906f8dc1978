namespace OAuthMcp.Application.Tools;

/// <summary>The API behind the tools.</summary>
public interface IHttpBin
{
    /// <summary>GET /anything with the caller's token. Trouble is an outcome with one sentence: what answered, how often it was tried.</summary>
    Task<ToolOutcome<Anything>> GetAnythingAsync(string message, CancellationToken ct);
}

/// <summary>What arrived at <c>/anything</c>, as it says itself.</summary>
public sealed record Anything(string Method, string Url, IReadOnlyDictionary<string, string> Args, IReadOnlyDictionary<string, string> Headers);
