using System.Globalization;
using System.Text;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Accounts;

/// <summary>
/// Makes what people type the same, however their keyboard spells it: ü is one character on most systems and two (u and a
/// diaeresis) on macOS.
/// </summary>
internal static class TypedText
{
    /// <summary>The form in which a user name is looked up: wide and composed characters alike, in upper case.</summary>
    public static string Name(string name) => Normalize(name, NormalizationForm.FormKC).ToUpperInvariant();

    /// <summary>Composed characters, and one kind of space (RFC 8265 §4.2.2, "OpaqueString").</summary>
    public static Secret Password(Secret password) =>
        new(
            string.Concat(
                Normalize(password.Reveal(), NormalizationForm.FormC)
                    .Select(c => c > '~' && char.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator ? ' ' : c)
            )
        );

    /// <summary>
    /// Whether this machine can tell that both spellings of ü are the same. Without ICU, .NET takes every text for normal.
    /// </summary>
    public static bool IsAvailable => "u\u0308".Normalize() == "\u00FC";

    private static string Normalize(string text, NormalizationForm form)
    {
        try
        {
            return text.Normalize(form);
        }
        catch (ArgumentException)
        {
            return text; // not valid Unicode, so it has no other spelling
        }
    }
}
