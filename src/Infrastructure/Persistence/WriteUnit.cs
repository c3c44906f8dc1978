using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>The statements of one piece of work inside a transaction that somebody else begins and commits.</summary>
/// <param name="takeTurn">Keeps others from counting the same table; null where transactions do not run side by side.</param>
internal sealed class WriteUnit(
    IModel model,
    DbTransaction transaction,
    Func<DbTransaction, string, CancellationToken, Task>? takeTurn = null
)
{
    private static readonly ConcurrentDictionary<(IModel, Type), RelationalTypeMapping> Mappings = new();

    /// <summary>Runs a statement, whose interpolated values become parameters.</summary>
    /// <returns>How many rows it touched.</returns>
    public async Task<int> ExecuteAsync(FormattableString statement)
    {
        await using var command = Command(statement);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Runs a statement in the same way.</summary>
    /// <returns>The one number that it returns.</returns>
    public async Task<int> ReadNumberAsync(FormattableString statement)
    {
        await using var command = Command(statement);
        return Convert.ToInt32(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private DbCommand Command(FormattableString statement)
    {
        var command = Command("");
        var names = new object[statement.ArgumentCount];
        for (var index = 0; index < names.Length; index++)
        {
            names[index] = $"@p{index}";
            var value = statement.GetArgument(index);
            Add(command, index, value is null ? null : MappingOf(value.GetType()), value);
        }

        command.CommandText = string.Format(CultureInfo.InvariantCulture, statement.Format, names);
        return command;
    }

    public Task InsertAsync<T>(T row)
        where T : class => RunAsync(row, RowShape.Of(model, typeof(T)).Insert);

    /// <summary>Many rows by one statement, which is prepared once.</summary>
    /// <returns>How many there are.</returns>
    public async Task<int> InsertAllAsync<T>(IReadOnlyList<T> rows)
        where T : class
    {
        var shape = RowShape.Of(model, typeof(T));
        if (transaction.Connection!.CanCreateBatch) // one round trip to a server elsewhere
        {
            await using var batch = transaction.Connection.CreateBatch();
            batch.Transaction = transaction;
            foreach (var row in rows)
            {
                var insert = batch.CreateBatchCommand();
                insert.CommandText = shape.Insert;
                await using var values = Command(shape.Insert);
                Fill(values, shape, row);
                foreach (var value in values.Parameters.Cast<DbParameter>().ToList())
                {
                    values.Parameters.Remove(value);
                    insert.Parameters.Add(value);
                }

                batch.BatchCommands.Add(insert);
            }

            return await batch.ExecuteNonQueryAsync();
        }

        await using var command = Command(shape.Insert);
        foreach (var row in rows)
        {
            if (command.Parameters.Count == 0)
                Fill(command, shape, row);
            else
                Refill(command, shape, row);
            await command.ExecuteNonQueryAsync();
        }

        return rows.Count;
    }

    /// <summary>False when there is a row with this key.</summary>
    public async Task<bool> TryInsertNewAsync<T>(T row)
        where T : class => await RunAsync(row, RowShape.Of(model, typeof(T)).Insert + " ON CONFLICT DO NOTHING") > 0;

    /// <summary>False when the table has that many rows; 0 for no limit. Nobody adds between counting and adding.</summary>
    public async Task<bool> TryInsertAsync<T>(T row, int limit)
        where T : class
    {
        var shape = RowShape.Of(model, typeof(T));
        if (limit > 0 && takeTurn is not null)
            await takeTurn(transaction, shape.Table, CancellationToken.None);
        return await RunAsync(
                row,
                limit > 0
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{shape.InsertSelect} WHERE (SELECT COUNT(*) FROM \"{shape.Table}\") < {limit}"
                    )
                    : shape.Insert
            ) > 0;
    }

    private async Task<int> RunAsync<T>(T row, string statement)
    {
        await using var command = Command(statement);
        Fill(command, RowShape.Of(model, typeof(T)), row);
        return await command.ExecuteNonQueryAsync();
    }

    private static void Refill<T>(DbCommand command, RowShape shape, T row)
    {
        for (var index = 0; index < shape.Columns.Count; index++)
        {
            var (_, property, mapping) = shape.Columns[index];
            var value = property.GetValue(row);
            command.Parameters[index].Value = (value is null ? null : mapping.Converter?.ConvertToProvider(value) ?? value) ?? DBNull.Value;
        }
    }

    private static void Fill<T>(DbCommand command, RowShape shape, T row)
    {
        for (var index = 0; index < shape.Columns.Count; index++)
            Add(command, index, shape.Columns[index].Mapping, shape.Columns[index].Property.GetValue(row));
    }

    private DbCommand Command(string text)
    {
        var command = transaction.Connection!.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, text);
        return command;
    }

    private static void Add(DbCommand command, int index, RelationalTypeMapping? mapping, object? value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"@p{index}");
        if (mapping is not null)
        {
            command.Parameters.Add(mapping.CreateParameter(command, name, value, nullable: true));
            return;
        }

        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
        command.Parameters.Add(parameter);
    }

    // The conversions are conventions of the model, so a type is written in the same way in every column.
    private RelationalTypeMapping? MappingOf(Type type) =>
        Mappings.GetOrAdd((model, type), key =>
            key.Item1.GetEntityTypes()
                .SelectMany(entity => entity.GetProperties())
                .First(property => (Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType) == key.Item2)
                .GetRelationalTypeMapping()
        );
}
