using System.Buffers.Text;
using System.Security.Cryptography;

namespace OAuthMcp.Domain.Protocol;

/// <summary>
/// A value that must not reach a log, a page or a table: code, token, client secret, password, verifier. Prints as
/// <c>***</c>; the value is behind a method, since destructuring loggers read properties.
/// </summary>
public sealed class Secret(string value) : IEquatable<Secret>
{
    /// <summary>The value itself.</summary>
    public string Reveal() => value;

    /// <summary>First and last four characters with <c>****</c> between; <c>****</c> when it has eight or fewer.</summary>
    public string Masked() => value.Length <= 8 ? "****" : $"{value[..4]}****{value[^4..]}";

    /// <summary>256 random bits, base64url without padding: 43 characters.</summary>
    public static Secret Generate() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    /// <summary>Null for no value and for an empty one.</summary>
    public static Secret? OrNull(string? value) => string.IsNullOrEmpty(value) ? null : new Secret(value);

    /// <summary>Whether the values are the same. Not for what an attacker can try: it tells by its time where they differ.</summary>
    public bool Equals(Secret? other) => other is not null && other.Reveal() == value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    /// <summary>Three stars.</summary>
    public override string ToString() => "***";
}
