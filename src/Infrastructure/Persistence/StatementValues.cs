using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>
/// The values of a statement that is written by hand, as the model writes such values. They are named @p0, @p1 and so on.
/// </summary>
internal static class StatementValues
{
    private static readonly ConcurrentDictionary<(IModel, Type), RelationalTypeMapping> Mappings = new();
    private static readonly ConcurrentDictionary<(string Format, int First), string> Texts = new();

    /// <summary>The text of an interpolated statement, with names where its values stand.</summary>
    /// <param name="first">The number of its first value.</param>
    public static string TextOf(FormattableString statement, int first = 0) =>
        Texts.GetOrAdd(
            (statement.Format, first),
            (key, count) => string.Format(CultureInfo.InvariantCulture, key.Format, [.. Enumerable.Range(key.First, count).Select(Name)]),
            statement.ArgumentCount
        );

    public static (RelationalTypeMapping? Mapping, object? Value)[] Of(IModel model, FormattableString statement) =>
        Of(model, statement.GetArguments());

    public static (RelationalTypeMapping? Mapping, object? Value)[] Of(IModel model, params ReadOnlySpan<object?> values)
    {
        var mapped = new (RelationalTypeMapping?, object?)[values.Length];
        for (var index = 0; index < mapped.Length; index++)
            mapped[index] = (values[index] is { } value ? MappingOf(model, value.GetType()) : null, values[index]);
        return mapped;
    }

    /// <summary>Gives a command its values, for the first time or once more.</summary>
    public static void Fill(DbCommand command, (RelationalTypeMapping? Mapping, object? Value)[] values)
    {
        var isNew = command.Parameters.Count == 0;
        for (var index = 0; index < values.Length; index++)
        {
            var (mapping, value) = values[index];
            if (!isNew)
                command.Parameters[index].Value = Stored(mapping, value) ?? DBNull.Value;
            else if (mapping is not null)
                command.Parameters.Add(mapping.CreateParameter(command, Name(index), value, nullable: true));
            else
                command.Parameters.Add(Untyped(command, index, value));
        }
    }

    /// <summary>The same for a statement of a batch.</summary>
    /// <param name="empty">A command of the same connection, by which values are made.</param>
    public static void Fill(DbBatchCommand command, (RelationalTypeMapping? Mapping, object? Value)[] values, DbCommand empty)
    {
        Fill(empty, values);
        var made = new DbParameter[values.Length];
        empty.Parameters.CopyTo(made, 0);
        empty.Parameters.Clear(); // a value belongs to one command
        command.Parameters.AddRange(made);
    }

    /// <summary>A value as the database has it.</summary>
    public static object? Stored(RelationalTypeMapping? mapping, object? value) =>
        value is null ? null : mapping?.Converter?.ConvertToProvider(value) ?? value;

    private static DbParameter Untyped(DbCommand command, int index, object? value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (Name(index), value ?? DBNull.Value);
        return parameter;
    }

    public static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"@p{index}");

    // The conversions are conventions of the model, so a type is written in the same way in every column.
    private static RelationalTypeMapping MappingOf(IModel model, Type type) =>
        Mappings.GetOrAdd((model, type), key =>
            key.Item1.GetEntityTypes()
                .SelectMany(entity => entity.GetProperties())
                .First(property => (Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType) == key.Item2)
                .GetRelationalTypeMapping()
        );
}
