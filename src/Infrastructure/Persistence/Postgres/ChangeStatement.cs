using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>
/// A change of a row with what follows from it, as one statement: sent by itself it is a transaction, in one round trip. It leaves the
/// row of its mark exactly when the change was made, and the number of these rows is its answer.
/// </summary>
/// <param name="Mark">The id of that row.</param>
/// <param name="Key">Of the row that is changed.</param>
internal sealed record ChangeStatement(Guid Mark, string Key, string Text, (RelationalTypeMapping? Mapping, object? Value)[] Values)
{
    private static readonly ConcurrentDictionary<(string Change, RowShape? Added, string? Removal), string> Texts = new();

    public static ChangeStatement Of<T>(IModel model, Guid mark, FormattableString change, T? added, FormattableString? removal)
        where T : class
    {
        var shape = added is null ? null : RowShape.Of(model, typeof(T));
        var key = (change.Format, shape, removal?.Format);
        if (!Texts.TryGetValue(key, out var text))
            text = Texts.GetOrAdd(key, TextOf(change, shape, removal));
        return new(
            mark,
            change.GetArgument(change.ArgumentCount - 1)!.ToString()!,
            text,
            [
                .. StatementValues.Of(model, change),
                .. added is null ? [] : shape!.ValuesOf(added),
                .. removal is null ? [] : StatementValues.Of(model, removal),
                .. StatementValues.Of(model, mark),
            ]
        );
    }

    private static string TextOf(FormattableString change, RowShape? added, FormattableString? removal)
    {
        const string IsChanged = "EXISTS (SELECT 1 FROM changed)";
        var ofRemoval = change.ArgumentCount + (added?.Width ?? 0);
        List<string> parts = [$"changed AS ({StatementValues.TextOf(change)} RETURNING 1)"];
        if (added is not null)
            parts.Add($"added AS ({added.InsertSelect(change.ArgumentCount)} WHERE {IsChanged})");
        if (removal is not null)
            parts.Add($"removed AS ({StatementValues.TextOf(removal, ofRemoval)} AND {IsChanged})");
        var mark = StatementValues.Name(ofRemoval + (removal?.ArgumentCount ?? 0));
        return $"WITH {string.Join(", ", parts)} INSERT INTO \"Commits\" (\"Id\") SELECT {mark} WHERE {IsChanged}";
    }
}
