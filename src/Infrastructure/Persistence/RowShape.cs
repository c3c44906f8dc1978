using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>A table as the model maps it, so that a statement written by hand repeats no mapping.</summary>
internal sealed class RowShape
{
    private static readonly ConcurrentDictionary<(IModel, Type), RowShape> Known = new();

    private RowShape(IEntityType type)
    {
        Table = type.GetTableName()!;
        Columns =
        [
            .. type.GetProperties()
                .Where(property => property.PropertyInfo is not null)
                .Select(property => (property.GetColumnName(), property.PropertyInfo!, property.GetRelationalTypeMapping())),
        ];
        var names = string.Join(", ", Columns.Select(column => $"\"{column.Name}\""));
        var values = string.Join(", ", Columns.Select((_, index) => $"@p{index}"));
        Insert = $"INSERT INTO \"{Table}\" ({names}) VALUES ({values})";
        InsertSelect = $"INSERT INTO \"{Table}\" ({names}) SELECT {values}";
    }

    public string Table { get; }
    public string Insert { get; }
    public string InsertSelect { get; }
    public IReadOnlyList<(string Name, PropertyInfo Property, RelationalTypeMapping Mapping)> Columns { get; }

    public static RowShape Of(IModel model, Type row) =>
        Known.GetOrAdd((model, row), key => new RowShape(key.Item1.FindEntityType(key.Item2)!));
}
