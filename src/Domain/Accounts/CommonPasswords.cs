using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Accounts;

/// <summary>Passwords that many people have and that an attacker tries first (NIST SP 800-63B §5.1.1.2).</summary>
public static class CommonPasswords
{
    private static readonly Lazy<HashSet<string>> All = new(Read);

    /// <summary>Whether it is one of them, in whatever case.</summary>
    public static bool Contains(Secret password) => All.Value.Contains(password.Reveal());

    private static HashSet<string> Read()
    {
        using var list = typeof(CommonPasswords).Assembly.GetManifestResourceStream("CommonPasswords.txt")!;
        using var lines = new StreamReader(list);
        var all = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (lines.ReadLine() is { } line)
            if (!line.StartsWith('#')) // the licence of the list
                all.Add(line);
        return all;
    }
}
