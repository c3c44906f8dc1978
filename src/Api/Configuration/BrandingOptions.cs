using System.Text.RegularExpressions;
using OAuthMcp.Application.Settings;

namespace OAuthMcp.Api.Configuration;

/// <summary>The keys of <c>Branding</c>: the server's own name and look.</summary>
internal sealed partial record BrandingOptions
{
    private const int LongestName = 60;
    private const int LongestDescription = 300;

    public string Name { get; init; } = Brand.Product;
    public string? Description { get; init; }
    public string? Operator { get; init; }
    public string? Logo { get; init; }
    public string? AccentColor { get; init; }
    public string? StyleSheet { get; init; }
    public string? TermsUri { get; init; }
    public string? PrivacyUri { get; init; }
    public string? SupportUri { get; init; }

    [GeneratedRegex(@"^#[0-9A-Fa-f]{6}\z")]
    private static partial Regex Color { get; }

    /// <exception cref="ConfigurationException">It is none that fits into a title.</exception>
    public string ReadName() =>
        IsLine(Name, LongestName)
            ? Name
            : throw new ConfigurationException($"Branding:Name must have 1 to {LongestName} characters in one line.");

    /// <param name="faults">Is told of each address that no page could link to.</param>
    public Brand ReadBrand(FoundFaults faults)
    {
        faults.Check(
            Operator is null || IsLine(Operator, LongestName),
            $"Branding:Operator must have 1 to {LongestName} characters in one line."
        );
        faults.Check(
            Description is null || IsLine(Description, LongestDescription),
            $"Branding:Description must have 1 to {LongestDescription} characters in one line."
        );
        faults.Check(IsPage(TermsUri), "Branding:TermsUri must be an absolute https URL.");
        faults.Check(IsPage(PrivacyUri), "Branding:PrivacyUri must be an absolute https URL.");
        faults.Check(IsPage(SupportUri) || IsMailbox(SupportUri), "Branding:SupportUri must be an absolute https URL or mailto: address.");
        return new Brand
        {
            Name = faults.Of(ReadName, Brand.Product),
            Description = Description,
            Operator = Operator,
            TermsUri = TermsUri,
            PrivacyUri = PrivacyUri,
            SupportUri = SupportUri,
        };
    }

    /// <param name="contentRoot">What relative paths of files begin at.</param>
    /// <param name="faults">Is told of what cannot be shown.</param>
    public Look ReadLook(string contentRoot, FoundFaults faults)
    {
        faults.Check(AccentColor is null || Color.IsMatch(AccentColor), "Branding:AccentColor must be a colour such as #1d5bb8.");
        return new Look(
            faults.Of(() => ServedFile.Read("Branding:Logo", Logo, contentRoot, "/logo", ServedFile.Images), null),
            AccentColor,
            faults.Of(() => ServedFile.Read("Branding:StyleSheet", StyleSheet, contentRoot, "/brand", ServedFile.StyleSheets), null)
        );
    }

    private static bool IsLine(string text, int longest) =>
        text.Length > 0 && text.Length <= longest && text.Trim() == text && !text.Any(char.IsControl);

    private static bool IsPage(string? address) =>
        address is null || (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == "https" && uri.UserInfo == "");

    private static bool IsMailbox(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == "mailto" && uri.AbsoluteUri.Contains('@');
}
