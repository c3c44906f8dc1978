using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Accounts;

/// <summary>The disguises in which people type a word as their password, which guessers know too.</summary>
internal static class PasswordSpelling
{
    /// <summary>How many digits and signs around a word make no password of it: a date, an exclamation mark.</summary>
    public const int MostAround = 6;

    // Each sign, and the letter that it is written for.
    private const string Signs = "@4830$57+";
    private const string Letters = "aabeosstt";

    /// <summary>The same for every case and width of its characters.</summary>
    public static string Fold(Secret password) => Fold(password.Reveal());

    public static string Fold(string text) => TypedText.Name(text).ToLowerInvariant();

    /// <summary>A folded text as it is, with letters for the signs that stand for them, and without what is around the word.</summary>
    public static IEnumerable<string> Of(string text) =>
        InLetters(text).Concat(InLetters(Bare(text))).SelectMany(spelling => new[] { spelling, Bare(spelling) });

    /// <summary>As it is, and with letters for the signs: 1, ! and | are written for i as well as for l.</summary>
    public static IEnumerable<string> InLetters(string text) => [text, WithLetters(text, 'i'), WithLetters(text, 'l')];

    private static string WithLetters(string text, char forOne) =>
        string.Concat(
            text.Select(sign =>
                sign is '1' or '!' or '|' ? forOne
                : Signs.IndexOf(sign, StringComparison.Ordinal) is >= 0 and var at ? Letters[at]
                : sign
            )
        );

    private static string Bare(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && !char.IsLetter(text[start]))
            start++;
        while (end > start && !char.IsLetter(text[end - 1]))
            end--;
        return text.Length - (end - start) <= MostAround ? text[start..end] : text;
    }
}
