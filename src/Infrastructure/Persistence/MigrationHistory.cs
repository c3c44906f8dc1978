using System.Data.Common;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>What EF knows of migrations, read without its model: almost every start finds all of them applied.</summary>
internal static class MigrationHistory
{
    /// <summary>The migrations of a context, in their order.</summary>
    public static IReadOnlyList<string> Of<TContext>()
        where TContext : DbContext =>
        [
            .. typeof(TContext)
                .Assembly.GetTypes()
                .Where(type => type.GetCustomAttribute<DbContextAttribute>()?.ContextType == typeof(TContext))
                .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id)
                .OfType<string>()
                .Order(StringComparer.Ordinal),
        ];

    /// <param name="isThere">A statement that returns 1 where the table is.</param>
    public static async Task<IReadOnlyList<string>> ReadAsync(DbConnection connection, string isThere, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = isThere;
        if (await command.ExecuteScalarAsync(ct) is not (1L or 1))
            return [];
        command.CommandText = "SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\" ORDER BY 1";
        List<string> applied = [];
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            applied.Add(rows.GetString(0));
        return applied;
    }
}
