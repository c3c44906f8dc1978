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
    private readonly string into;

    private RowShape(IEntityType type)
    {
        Table = type.GetTableName()!;
        var mapped = type.GetProperties().Where(property => property.PropertyInfo is not null).ToList();
        columns = [.. mapped.Select(property => (property.PropertyInfo!, property.GetRelationalTypeMapping()))];
        reading = new(() => Reading(type.ClrType));
        var names = mapped.Select(property => $"\"{property.GetColumnName()}\"").ToList();
        into = $"INSERT INTO \"{Table}\" ({string.Join(", ", names)})";
        Columns = string.Join(", ", names.Select(name => $"\"{Table}\".{name}"));
        Insert = $"{into} VALUES ({Values(0)})";
        var arrays = columns.Select((column, index) => $"{StatementValues.Name(index)}::{column.Mapping.StoreType}[]");
        InsertAll = $"{into} SELECT * FROM unnest({string.Join(", ", arrays)})";
    }

    public string Table { get; }

    /// <summary>Those of the table, with its name, as <see cref="Read{T}"/> expects them. The key is the first.</summary>
    public string Columns { get; }

    /// <summary>How many there are.</summary>
    public int Width => columns.Length;
    public string Insert { get; }

    /// <summary>Inserts any number of rows in a database whose values may be arrays: one of each column.</summary>
    public string InsertAll { get; }

    /// <summary>The same as a query, to which a condition may be added.</summary>
    /// <param name="first">The number of the first value.</param>
    public string InsertSelect(int first = 0) => $"{into} SELECT {Values(first)}";

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

    /// <summary>What <see cref="InsertAll"/> needs.</summary>
    public (RelationalTypeMapping? Mapping, object? Value)[] ArraysOf(IReadOnlyList<object> rows)
    {
        var arrays = new (RelationalTypeMapping?, object?)[columns.Length];
        for (var index = 0; index < columns.Length; index++)
        {
            var (property, mapping) = columns[index];
            var type = mapping.Converter?.ProviderClrType ?? mapping.ClrType;
            var canBeNull = Nullable.GetUnderlyingType(property.PropertyType) is not null;
            var array = Array.CreateInstance(canBeNull ? typeof(Nullable<>).MakeGenericType(type) : type, rows.Count);
            for (var row = 0; row < rows.Count; row++)
                array.SetValue(StatementValues.Stored(mapping, property.GetValue(rows[row])), row);
            arrays[index] = (null, array);
        }

        return arrays;
    }

    /// <summary>The row that a reader of <see cref="Columns"/> is at.</summary>
    /// <param name="first">Where they begin.</param>
    public T Read<T>(DbDataReader reader, int first = 0)
        where T : class => ((Func<DbDataReader, int, T>)reading.Value)(reader, first);

    private string Values(int first) => string.Join(", ", Enumerable.Range(first, columns.Length).Select(StatementValues.Name));

    // (reader, first) => new Row { Column = reader.IsDBNull(first + 0) ? null : convert(reader.GetString(first + 0)), … }
    private Delegate Reading(Type type)
    {
        var (reader, first) = (Expression.Parameter(typeof(DbDataReader)), Expression.Parameter(typeof(int)));
        var set = columns.Select((column, index) => Expression.Bind(column.Property, Value(reader, first, index)));
        return Expression.Lambda(Expression.MemberInit(Expression.New(type), set), reader, first).Compile();
    }

    private Expression Value(Expression reader, Expression first, int index)
    {
        var ((property, mapping), at) = (columns[index], Expression.Add(first, Expression.Constant(index)));
        var value = mapping.CustomizeDataReaderExpression(Expression.Call(reader, mapping.GetDataReaderMethod(), at));
        if (mapping.Converter is { } converter)
            value = Expression.Invoke(converter.ConvertFromProviderExpression, value);
        value = Expression.Convert(value, property.PropertyType);
        var canBeNull = !property.PropertyType.IsValueType || Nullable.GetUnderlyingType(property.PropertyType) is not null;
        var isNull = Expression.Call(reader, nameof(DbDataReader.IsDBNull), null, at);
        return canBeNull ? Expression.Condition(isNull, Expression.Default(property.PropertyType), value) : value;
    }
}
