using OAuthMcp.Application.Protocol;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Tokens;

/// <summary>
/// Remembers by its hash what was found out about a token, so that a busy client has it checked once and not at every call.
/// </summary>
internal sealed class VerifiedTokens<T>(TimeProvider time)
    where T : class
{
    private const int Most = 10_000;

    private readonly RecentlyUsed<string, Entry> known = new(Most, StringComparer.Ordinal);

    /// <summary>Null for a token that is unknown or forgotten.</summary>
    public T? Find(Secret token) =>
        known.Find(TokenHash.Of(token).Value) is { } entry && time.GetUtcNow() < entry.Until ? entry.Found : null;

    /// <summary>Remembers it until that time, if that is not over.</summary>
    public void Keep(Secret token, T found, DateTimeOffset until)
    {
        if (until > time.GetUtcNow())
            known.Keep(TokenHash.Of(token).Value, new Entry(found, until));
    }

    public void Forget(Secret token) => known.Forget(TokenHash.Of(token).Value);

    private sealed record Entry(T Found, DateTimeOffset Until);
}
