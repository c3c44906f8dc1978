namespace OAuthMcp.Application.Settings;

/// <summary>What the server is called, to people and to clients, and where its operator says more.</summary>
internal sealed record Brand
{
    /// <summary>What it is called where the operator gave it no name.</summary>
    public const string Product = "OAuthMcp";

    public string Name { get; init; } = Product;

    /// <summary>What the server is for, in a sentence or two; null where nobody says.</summary>
    public string? Description { get; init; }

    /// <summary>Whose it is; null where nobody says.</summary>
    public string? Operator { get; init; }

    public string? TermsUri { get; init; }
    public string? PrivacyUri { get; init; }

    /// <summary>An address of a page, or of a mailbox.</summary>
    public string? SupportUri { get; init; }
}
