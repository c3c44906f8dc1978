using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Downstream;

/// <summary>Counts how often one call went out, inside of the retries.</summary>
internal sealed class Tries
{
    public const string Key = "tries";

    public int Count { get; set; }

    /// <summary>The tokens that the tries carried.</summary>
    public HashSet<Secret> Sent { get; } = [];
}
