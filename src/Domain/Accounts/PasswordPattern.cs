namespace OAuthMcp.Domain.Accounts;

/// <summary>Passwords that are no words but ways over the keyboard: sequences, and one short piece again and again.</summary>
internal static class PasswordPattern
{
    private const int ShortestRun = 3; // on average
    private const int LongestPiece = 4;

    // Runs along these, in either direction.
    private static readonly string[] Lines =
    [
        .. new[]
        {
            "abcdefghijklmnopqrstuvwxyz",
            "0123456789",
            "1234567890",
            "qwertyuiop",
            "qwertzuiop",
            "azertyuiop",
            "asdfghjkl",
            "qsdfghjklm",
            "zxcvbnm",
            "yxcvbnm",
            "wxcvbn",
            "!@#$%^&*()",
            "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
            "1q2w3e4r5t6y7u8i9o0p",
            "qawsedrftgyhujikolp",
        }.SelectMany(line => new[] { line, string.Concat(line.Reverse()) }),
    ];

    public static bool IsOne(string text) => CountRuns(text) * ShortestRun <= text.Length || PieceOf(text).Length <= LongestPiece;

    /// <summary>The shortest piece that the text repeats from its start to its end; the text itself where it repeats none.</summary>
    public static string PieceOf(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
            if (text.AsSpan(length).SequenceEqual(text.AsSpan(0, text.Length - length)))
                return text[..length];
        return text;
    }

    // abcd1234 has two of them: a run goes on as long as each character is the next one of its line, or the same again.
    private static int CountRuns(string text)
    {
        var runs = 0;
        for (var start = 0; start < text.Length; runs++)
            start += Math.Max(LengthOfSame(text.AsSpan(start)), LongestOnALine(text.AsSpan(start)));
        return runs;
    }

    private static int LengthOfSame(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(text[0]) is >= 0 and var end ? end : text.Length;

    private static int LongestOnALine(ReadOnlySpan<char> text)
    {
        var longest = 1;
        foreach (var line in Lines)
            if (line.IndexOf(text[0], StringComparison.Ordinal) is >= 0 and var at)
                longest = Math.Max(longest, line.AsSpan(at).CommonPrefixLength(text));
        return longest;
    }
}
