using System.Collections.Concurrent;
using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>A table as the model maps it, so that a statement written by hand repeats no mapping.</summary>
internal sealed class RowShape
{
    private static readonly ConcurrentDictionary<(IModel, Type), RowShape> Known = new();

    private readonly (PropertyInfo Property, RelationalTypeMapping Mapping)[] columns;
    private readonly Lazy<Delegate> reading;

    private RowShape(IEntityType type)
    {
        Table = type.GetTableName()!;
        var mapped = type.GetProperties().Where(property => property.PropertyInfo is not null).ToList();
        columns = [.. mapped.Select(property => (property.PropertyInfo!, property.GetRelationalTypeMapping()))];
        reading = new(() => Reading(type.ClrType));
        var names = string.Join(", ", mapped.Select(property => $"\"{property.GetColumnName()}\""));
        var values = string.Join(", ", columns.Select((_, index) => $"@p{index}"));
        Insert = $"INSERT INTO \"{Table}\" ({names}) VALUES ({values})";
        InsertSelect = $"INSERT INTO \"{Table}\" ({names}) SELECT {values}";
        Select = $"SELECT {names} FROM \"{Table}\"";
    }

    public string Table { get; }
    public string Insert { get; }
    public string InsertSelect { get; }
    public string Select { get; }

    public static RowShape Of(IModel model, Type row) =>
        Known.GetOrAdd((model, row), key => new RowShape(key.Item1.FindEntityType(key.Item2)!));

    /// <summary>What <see cref="Insert"/> needs.</summary>
    public (RelationalTypeMapping? Mapping, object? Value)[] ValuesOf(object row)
    {
        var values = new (RelationalTypeMapping?, object?)[columns.Length];
        for (var index = 0; index < columns.Length; index++)
            values[index] = (columns[index].Mapping, columns[index].Property.GetValue(row));
        return values;
    }

    /// <summary>The row that a reader of <see cref="Select"/> is at.</summary>
    public T Read<T>(DbDataReader reader)
        where T : class => ((Func<DbDataReader, T>)reading.Value)(reader);

    // reader => new Row { Column = reader.IsDBNull(0) ? null : convert(reader.GetString(0)), … }
    private Delegate Reading(Type type)
    {
        var reader = Expression.Parameter(typeof(DbDataReader));
        var set = columns.Select((column, index) => Expression.Bind(column.Property, Value(reader, index)));
        return Expression.Lambda(Expression.MemberInit(Expression.New(type), set), reader).Compile();
    }

    private Expression Value(Expression reader, int index)
    {
        var ((property, mapping), at) = (columns[index], Expression.Constant(index));
        var value = mapping.CustomizeDataReaderExpression(Expression.Call(reader, mapping.GetDataReaderMethod(), at));
        if (mapping.Converter is { } converter)
            value = Expression.Invoke(converter.ConvertFromProviderExpression, value);
        value = Expression.Convert(value, property.PropertyType);
        var canBeNull = !property.PropertyType.IsValueType || Nullable.GetUnderlyingType(property.PropertyType) is not null;
        var isNull = Expression.Call(reader, nameof(DbDataReader.IsDBNull), null, at);
        return canBeNull ? Expression.Condition(isNull, Expression.Default(property.PropertyType), value) : value;
    }
}
