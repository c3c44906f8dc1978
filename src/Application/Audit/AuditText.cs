using System.Globalization;
using System.Text;

namespace OAuthMcp.Application.Audit;

/// <summary>Text that somebody else chose, in a form that cannot forge a line of the log or a row of a terminal.</summary>
internal static class AuditText
{
    /// <summary>Longer names than that are no names.</summary>
    public const int MaxName = 100;

    public const int MaxReason = 300;

    /// <summary>Without control, format and line characters, and cut; null when nothing is left.</summary>
    public static string? Clean(string? text, int max)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (text.Length <= max && !text.Any(letter => letter is < ' ' or > '~'))
            return text;
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(max))
            clean.Append(IsVisible(rune) ? rune.ToString() : "�");
        return clean.Append(text.Length > max ? "…" : "").ToString();
    }

    private static bool IsVisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.Surrogate
            );
}
