using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore.Metadata;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>
/// Finds the one row that a token request needs, by a statement of its own: what EF Core does for each query, compiled or not, costs
/// more than the query.
/// </summary>
/// <param name="condition">Over the columns of the row's table, with @p0 for the first part of the key.</param>
internal sealed class HotQuery<T>(string condition)
    where T : class
{
    private readonly ConcurrentDictionary<IModel, (string Statement, RowShape Shape)> known = new();

    /// <returns>The first row; null when there is none.</returns>
    public Task<T?> FirstAsync(OAuthDbContext db, ReadOnlySpan<object?> key, CancellationToken ct)
    {
        var (statement, shape) = known.GetOrAdd(db.Model, StatementFor);
        return db.ReadAsync(statement, StatementValues.Of(db.Model, key), reader => shape.Read<T>(reader), ct);
    }

    private (string, RowShape) StatementFor(IModel model)
    {
        var shape = RowShape.Of(model, typeof(T));
        return ($"SELECT {shape.Columns} FROM \"{shape.Table}\" WHERE {condition}", shape);
    }
}
