using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore.Metadata;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>A <see cref="HotQuery{T}"/> that brings a row of another table along, so that it costs no statement of its own.</summary>
/// <param name="belongs">Which row it is, over the columns of both tables.</param>
/// <param name="condition">As there.</param>
internal sealed class HotJoin<T, TAlong>(string belongs, string condition)
    where T : class
    where TAlong : class
{
    private readonly ConcurrentDictionary<IModel, (string Statement, RowShape Shape, RowShape Along)> known = new();

    /// <param name="found">Gets the other row, or null where there is none.</param>
    /// <returns>The first row; null when there is none.</returns>
    public Task<T?> FirstAsync(OAuthDbContext db, ReadOnlySpan<object?> key, Action<TAlong?> found, CancellationToken ct)
    {
        var (statement, shape, along) = known.GetOrAdd(db.Model, StatementFor);
        return db.ReadAsync(
            statement,
            StatementValues.Of(db.Model, key),
            reader =>
            {
                found(reader.IsDBNull(shape.Width) ? null : along.Read<TAlong>(reader, shape.Width));
                return shape.Read<T>(reader);
            },
            ct
        );
    }

    private (string, RowShape, RowShape) StatementFor(IModel model)
    {
        var (shape, along) = (RowShape.Of(model, typeof(T)), RowShape.Of(model, typeof(TAlong)));
        return (
            $"""
            SELECT {shape.Columns}, {along.Columns} FROM "{shape.Table}" LEFT JOIN "{along.Table}" ON {belongs} WHERE {condition}
            """,
            shape,
            along
        );
    }
}
