using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>The statements of one piece of work inside a transaction that somebody else begins and commits.</summary>
/// <param name="prepared">Of the transaction's connection; null where a connection has other ways to know a statement again.</param>
/// <param name="takeTurn">Keeps others from a turn of the same name; null where transactions do not run side by side.</param>
/// <param name="takesArrays">Whether a value may be an array, so that one statement holds many rows.</param>
internal sealed class WriteUnit(
    IModel model,
    DbTransaction transaction,
    IPreparedStatements? prepared = null,
    Func<DbTransaction, string, CancellationToken, Task>? takeTurn = null,
    bool takesArrays = false
)
{
    /// <summary>Runs a statement, whose interpolated values become parameters.</summary>
    /// <returns>How many rows it touched.</returns>
    public Task<int> ExecuteAsync(FormattableString statement) =>
        RunAsync(StatementValues.TextOf(statement), StatementValues.Of(model, statement), command => command.ExecuteNonQueryAsync());

    /// <summary>Runs a statement in the same way.</summary>
    /// <returns>The one number that it returns.</returns>
    public async Task<int> ReadNumberAsync(FormattableString statement) =>
        Convert.ToInt32(
            await RunAsync(StatementValues.TextOf(statement), StatementValues.Of(model, statement), command =>
                command.ExecuteScalarAsync()
            ),
            CultureInfo.InvariantCulture
        );

    /// <summary>From here to the end of the transaction, nobody else has a turn of this name.</summary>
    public Task TakeTurnAsync(string name) => takeTurn?.Invoke(transaction, name, CancellationToken.None) ?? Task.CompletedTask;

    public Task InsertAsync<T>(T row)
        where T : class => RunAsync(row, RowShape.Of(model, typeof(T)).Insert);

    /// <summary>Many rows, by one statement where that can be.</summary>
    /// <returns>How many there are.</returns>
    public async Task<int> InsertAllAsync<T>(IReadOnlyList<T> rows)
        where T : class
    {
        var shape = RowShape.Of(model, typeof(T));
        if (takesArrays)
            return await RunAsync(shape.InsertAll, shape.ArraysOf(rows), command => command.ExecuteNonQueryAsync());
        foreach (var row in rows)
            await RunAsync(row, shape.Insert);
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
        if (limit > 0)
            await TakeTurnAsync(shape.Table);
        return await RunAsync(
                row,
                limit > 0
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{shape.InsertSelect()} WHERE (SELECT COUNT(*) FROM \"{shape.Table}\") < {limit}"
                    )
                    : shape.Insert
            ) > 0;
    }

    private Task<int> RunAsync<T>(T row, string statement)
        where T : class => RunAsync(statement, RowShape.Of(model, typeof(T)).ValuesOf(row), command => command.ExecuteNonQueryAsync());

    private async Task<T> RunAsync<T>(
        string statement,
        (RelationalTypeMapping? Mapping, object? Value)[] values,
        Func<DbCommand, Task<T>> run
    )
    {
        if (prepared is not null)
            return await run(Fill(prepared.Of(statement), values));
        await using var command = transaction.Connection!.CreateCommand();
        command.CommandText = statement;
        return await run(Fill(command, values));
    }

    private DbCommand Fill(DbCommand command, (RelationalTypeMapping? Mapping, object? Value)[] values)
    {
        command.Transaction = transaction;
        StatementValues.Fill(command, values);
        return command;
    }
}
