using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Accounts;

/// <summary>
/// Passwords made of names that whoever guesses knows: the user's own and the server's (NIST SP 800-63B §5.1.1.2, "context-specific
/// words").
/// </summary>
internal static class NamedPasswords
{
    private const int ShortestName = 3; // a shorter one would be found anywhere
    private const int ShortestPart = 4;

    /// <summary>Whether nothing but a few digits and signs is left of it without these names and their parts.</summary>
    public static bool Contains(Secret password, params IEnumerable<string> names)
    {
        var words = names.SelectMany(WordsOf).Distinct().OrderByDescending(word => word.Length).ToList();
        return PasswordSpelling
            .InLetters(PasswordSpelling.Fold(password))
            .Select(text => words.Aggregate(text, (rest, word) => rest.Replace(word, "", StringComparison.Ordinal)))
            .Any(rest => rest.Length <= PasswordSpelling.MostAround && !rest.Any(char.IsLetter));
    }

    // Of alice@mail.example these are the whole, alice, mail and example.
    private static IEnumerable<string> WordsOf(string name)
    {
        var folded = PasswordSpelling.Fold(name);
        var parts = string.Concat(folded.Select(letter => char.IsLetterOrDigit(letter) ? letter : ' '));
        return parts
            .Split(' ')
            .Where(part => part.Length >= ShortestPart)
            .Concat(folded.Length >= ShortestName ? [folded] : Array.Empty<string>());
    }
}
