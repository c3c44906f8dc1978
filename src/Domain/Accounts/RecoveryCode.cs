using System.Security.Cryptography;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Accounts;

/// <summary>Lets the owner of an account in once when the authenticator app is lost: 80 random bits in letters and digits.</summary>
internal static class RecoveryCode
{
    /// <summary>How many an account gets.</summary>
    public const int Count = 10;

    private const string Alphabet = "abcdefghijkmnpqrstuvwxyz23456789"; // neither l nor o, neither 0 nor 1
    private const int GroupLength = 4;
    private const int Groups = 4;

    /// <summary>A new set of them.</summary>
    public static IReadOnlyList<Secret> GenerateAll() => [.. Enumerable.Range(0, Count).Select(_ => Generate())];

    public static Secret Generate() =>
        new(string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Alphabet, GroupLength))));

    /// <summary>What is stored of a code. Case, spaces and dashes do not count, so it may be typed in any way.</summary>
    public static TokenHash HashOf(Secret typed) =>
        TokenHash.Of(new Secret(new string([.. typed.Reveal().Where(char.IsAsciiLetterOrDigit)]).ToLowerInvariant()));
}
