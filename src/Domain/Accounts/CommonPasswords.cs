using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Accounts;

/// <summary>
/// Passwords that many people have and that an attacker tries first (NIST SP 800-63B §5.1.1.2, 800-63B-4 §3.1.1.2): those of a list,
/// also as <see cref="PasswordSpelling"/> disguises them or said twice, and ways over the keyboard.
/// </summary>
internal static class CommonPasswords
{
    private static readonly Lazy<HashSet<string>> All = new(() => [.. Read("CommonPasswords.txt"), .. Read("CommonWords.txt")]);

    public static bool Contains(Secret password)
    {
        var text = PasswordSpelling.Fold(password);
        return PasswordPattern.IsOne(text)
            || PasswordSpelling.Of(text).Concat(PasswordSpelling.Of(PasswordPattern.PieceOf(text))).Any(All.Value.Contains);
    }

    private static IEnumerable<string> Read(string name)
    {
        using var list = typeof(CommonPasswords).Assembly.GetManifestResourceStream(name)!;
        using var lines = new StreamReader(list);
        while (lines.ReadLine() is { } line)
            if (!line.StartsWith('#')) // where the list is from, and its licence
                yield return line;
    }
}
