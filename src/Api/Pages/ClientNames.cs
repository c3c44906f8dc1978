using System.Globalization;

namespace OAuthMcp.Api.Pages;

/// <summary>The name of a client for people to read, who may have registered any text.</summary>
internal static class ClientNames
{
    private const int MaxLength = 60;
    private const int MaxCodePoints = 4 * MaxLength; // one visible character may carry any number of marks

    /// <summary>The name without control, format and bidirectional characters, cut to 60 characters; null when nothing is left.</summary>
    public static string? Display(string? name)
    {
        var visible = new StringInfo(
            string.Concat(
                    (name ?? "")
                        .EnumerateRunes()
                        .Where(rune =>
                            rune != System.Text.Rune.ReplacementChar // which stands for one that could not be read or stored
                            && System.Text.Rune.GetUnicodeCategory(rune)
                                is not (
                                    UnicodeCategory.Control
                                    or UnicodeCategory.Format
                                    or UnicodeCategory.LineSeparator
                                    or UnicodeCategory.ParagraphSeparator
                                    or UnicodeCategory.PrivateUse
                                    or UnicodeCategory.OtherNotAssigned
                                    or UnicodeCategory.Surrogate
                                )
                        )
                        .Take(MaxCodePoints)
                )
                .Trim()
        );
        if (visible.LengthInTextElements == 0)
            return null;
        return visible.LengthInTextElements <= MaxLength ? visible.String : visible.SubstringByTextElements(0, MaxLength) + "…";
    }
}
