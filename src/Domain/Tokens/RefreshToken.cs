using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Tokens;

/// <summary>
/// One link in a family's chain of refresh tokens, known by its hash. It is exchanged once; whoever repeats it
/// within the grace gets the same successor again, as long as that has not been used (RFC 9700 §4.14.2).
/// </summary>
internal sealed class RefreshToken
{
    /// <summary>How many rotated tokens of a family are kept. An older one is recognised by its family alone.</summary>
    public const int Kept = 5;

    private const char FamilyEnd = '.';

    public required TokenHash Hash { get; init; }

    /// <summary>Hash of the part that all tokens of the family begin with; null for tokens that were issued without it.</summary>
    public TokenHash? Family { get; init; }

    /// <summary>How many were before it.</summary>
    public int Generation { get; init; }

    public required string GrantId { get; init; }
    public required string ClientId { get; init; }

    /// <summary>The idle end: a token that nobody used until then is dead.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>256 random bits that turn this token into its successor; drawn when it is rotated.</summary>
    public string? SuccessorSalt { get; init; }

    /// <summary>Why this client may not use it, or null. A rotated token passes: see <see cref="IsWithinGrace"/>.</summary>
    public OAuthError? Refuse(Client client, DateTimeOffset now)
    {
        if (ClientId != client.Id)
            return OAuthError.InvalidGrant("refresh token was issued to another client");
        if (RotatedAt is null && now >= ExpiresAt)
            return OAuthError.InvalidGrant("refresh token has expired");
        return null;
    }

    /// <summary>Whether it was rotated only just. A grace of zero is none for a request that began before the rotation either.</summary>
    public bool IsWithinGrace(TimeSpan grace, DateTimeOffset now) =>
        grace > TimeSpan.Zero && RotatedAt is { } rotatedAt && now < rotatedAt + grace;

    /// <summary>
    /// The token that follows <paramref name="token"/>. It is derived from the token and the stored salt, so that a repeat gets the
    /// same one although only hashes are stored.
    /// </summary>
    public static Secret Successor(Secret token, string salt)
    {
        var next = Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token.Reveal()), Encoding.UTF8.GetBytes(salt)));
        return new Secret(token.Reveal()[..(token.Reveal().IndexOf(FamilyEnd, StringComparison.Ordinal) + 1)] + next);
    }

    /// <summary>The first token of a new family: 256 random bits that the family shares, and 256 of this token's own.</summary>
    public static Secret First() => new(Secret.Generate().Reveal() + FamilyEnd + Secret.Generate().Reveal());

    /// <summary>
    /// The family that a token names, or null. Only a holder of one of its tokens can name it, so an unknown token that does is an
    /// old one (RFC 9700 §4.14.2).
    /// </summary>
    public static TokenHash? FamilyOf(Secret token) =>
        token.Reveal().IndexOf(FamilyEnd, StringComparison.Ordinal) is > 0 and var end
            ? TokenHash.Of(new Secret(token.Reveal()[..end]))
            : null;
}
