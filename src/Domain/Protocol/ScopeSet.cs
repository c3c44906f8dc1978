using System.Collections;

namespace OAuthMcp.Domain.Protocol;

/// <summary>
/// A set of scope tokens in the order they were first named (RFC 6749 §3.3). A scope that ends in <c>.write</c>
/// implies the one of the same name that ends in <c>.read</c>.
/// </summary>
public sealed class ScopeSet : IEquatable<ScopeSet>, IReadOnlyCollection<string>
{
    /// <summary>What every request to the MCP endpoint needs.</summary>
    public const string Read = "mcp.read";

    /// <summary>What calls in the name of a user need, and <see cref="Read"/> with it.</summary>
    public const string Write = "mcp.write";

    /// <summary>Longest scope parameter that is looked at, in characters.</summary>
    public const int MaxLength = 2048;

    /// <summary>No scope.</summary>
    public static readonly ScopeSet Empty = new([]);

    private readonly string[] scopes;

    private ScopeSet(IEnumerable<string> scopes) => this.scopes = [.. scopes.Distinct(StringComparer.Ordinal)];

    /// <summary>How many scopes there are.</summary>
    public int Count => scopes.Length;

    /// <summary>These scopes, each once.</summary>
    public static ScopeSet Of(params IEnumerable<string> scopes) => new(scopes);

    /// <summary>
    /// Reads a <c>scope</c> parameter; null and blank are the empty set. Surplus spaces are forgiven, since clients
    /// in the field send them; a character outside of <c>%x21 / %x23-5B / %x5D-7E</c> is <c>invalid_scope</c>.
    /// </summary>
    internal static Result<ScopeSet> Parse(string? scope) =>
        scope switch
        {
            null => Empty,
            { Length: > MaxLength } => OAuthError.InvalidScope("scope is too long"),
            _ when scope.All(c => c is ' ' or '!' or (>= '#' and <= '[') or (>= ']' and <= '~')) => Of(
                scope.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            ),
            _ => OAuthError.InvalidScope("scope holds a character outside of scope-token"),
        };

    /// <summary>Those of this set that <paramref name="known"/> holds too; the others are dropped.</summary>
    public ScopeSet Intersect(ScopeSet known) => Of(scopes.Where(known.scopes.Contains));

    /// <summary>The scopes of both, in the order of this set first.</summary>
    public ScopeSet Union(ScopeSet other) => Of(scopes.Concat(other.scopes));

    /// <summary>Whether a token with this set may do what needs <paramref name="needed"/>, implied scopes counted.</summary>
    public bool Covers(ScopeSet needed) => needed.scopes.All(Covers);

    private bool Covers(string needed) =>
        scopes.Contains(needed)
        || (needed.EndsWith(".read", StringComparison.Ordinal) && scopes.Contains($"{needed[..^".read".Length]}.write"));

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => scopes.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether both hold the same scopes, in whatever order.</summary>
    public bool Equals(ScopeSet? other) =>
        other is not null && scopes.Order(StringComparer.Ordinal).SequenceEqual(other.scopes.Order(StringComparer.Ordinal));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ScopeSet);

    /// <inheritdoc/>
    public override int GetHashCode() => scopes.Aggregate(0, (hash, scope) => hash ^ scope.GetHashCode(StringComparison.Ordinal));

    /// <summary>The scopes with spaces between them, as the <c>scope</c> parameter has them.</summary>
    public override string ToString() => string.Join(' ', scopes);
}
