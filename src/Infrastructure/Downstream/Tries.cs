using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Downstream;

/// <summary>How often one call was tried, counted innermost.</summary>
internal sealed class Tries
{
    public const string Key = "tries";

    public int Count { get; set; }

    /// <summary>What the tries were signed with.</summary>
    public HashSet<Secret> Sent { get; } = [];
}
