using Microsoft.Extensions.Caching.Memory;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Tokens;

/// <summary>
/// Remembers by its hash what was found out about a token, so that a busy client has it checked once and not at every call.
/// </summary>
internal sealed class VerifiedTokens<T>(TimeProvider time) : IDisposable
    where T : class
{
    private const int Most = 10_000;
    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = Most });

    /// <summary>Null for a token that is unknown or forgotten.</summary>
    public T? Find(Secret token) =>
        known.TryGetValue(TokenHash.Of(token).Value, out Entry? entry) && time.GetUtcNow() < entry!.Until ? entry.Found : null;

    /// <summary>Remembers it until that time, if that is not over.</summary>
    public void Keep(Secret token, T found, DateTimeOffset until)
    {
        var life = until - time.GetUtcNow();
        if (life > TimeSpan.Zero)
            known.Set(
                TokenHash.Of(token).Value,
                new Entry(found, until),
                new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = life }
            );
    }

    public void Forget(Secret token) => known.Remove(TokenHash.Of(token).Value);

    public void Dispose() => known.Dispose();

    private sealed record Entry(T Found, DateTimeOffset Until);
}
