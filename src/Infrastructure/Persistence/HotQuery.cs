using System.Collections.Concurrent;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>
/// A query of every token request. It is compiled once for each database, since to look its expression up among the others costs more
/// than to run it.
/// </summary>
internal sealed class HotQuery<TKey, T>(Expression<Func<OAuthDbContext, TKey, IQueryable<T>>> query)
{
    private readonly ConcurrentDictionary<Type, Func<OAuthDbContext, TKey, IAsyncEnumerable<T>>> compiled = new();

    /// <returns>The first row; null when there is none.</returns>
    public async Task<T?> FirstAsync(OAuthDbContext db, TKey key, CancellationToken ct)
    {
        await foreach (var row in compiled.GetOrAdd(db.GetType(), _ => EF.CompileAsyncQuery(query))(db, key).WithCancellation(ct))
            return row;
        return default;
    }
}
