using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>
/// What makes a name without an account behave like one with an account: a slow hash, and a row to count wrong passwords in.
/// </summary>
internal static class UnknownName
{
    private static readonly Account Nobody = new();
    private static readonly string NobodysHash = new PasswordHasher<Account>().HashPassword(Nobody, Secret.Generate().Reveal());

    /// <summary>
    /// Stands for the name where an account has its subject. Hashed, since people type passwords into the wrong field.
    /// </summary>
    public static string SubjectOf(string normalizedName) =>
        $"nobody_{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(normalizedName)).AsSpan(..16))}";

    /// <summary>Takes as long as it takes to find a password wrong.</summary>
    public static void CheckPassword(IPasswordHasher<Account> hasher, Secret password) =>
        hasher.VerifyHashedPassword(Nobody, NobodysHash, password.Reveal());
}
