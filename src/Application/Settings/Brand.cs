using System.Text.RegularExpressions;

namespace OAuthMcp.Application.Settings;

/// <summary>What the server is called, to people and to clients, and where its operator says more.</summary>
internal sealed partial record Brand
{
    /// <summary>What it is called where the operator gave it no name.</summary>
    public const string Product = "OAuthMcp";

    public string Name { get; init; } = Product;

    /// <summary>What clients call it, and put in front of the names of its tools: letters, digits and dashes.</summary>
    public string Handle =>
        string.Join('-', Word.Matches(Name.ToLowerInvariant()).Select(word => word.Value)) is { Length: > 0 } handle ? handle : "mcp";

    /// <summary>What the server is for, in a sentence or two; null where nobody says.</summary>
    public string? Description { get; init; }

    /// <summary>Whose it is; null where nobody says.</summary>
    public string? Operator { get; init; }

    public string? TermsUri { get; init; }
    public string? PrivacyUri { get; init; }

    /// <summary>An address of a page, or of a mailbox.</summary>
    public string? SupportUri { get; init; }

    [GeneratedRegex("[a-z0-9]+")]
    private static partial Regex Word { get; }
}
