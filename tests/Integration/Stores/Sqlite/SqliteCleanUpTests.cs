using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Infrastructure.Operations;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteCleanUpTests(SqliteStores stores) : CleanUpContract(stores), IClassFixture<SqliteStores>
{
    private readonly StoreFixture stores = stores;

    [Fact]
    public async Task H4_no_statement_looks_at_rows_that_stay()
    {
        await stores.InAsync(
            async (OAuthDbContext db) =>
            {
                var cleanUp = new CleanUp(db, stores.Settings);
                await db.Database.OpenConnectionAsync(Rows.Ct);
                foreach (
                    var statement in CleanUp
                        .GivenUp(stores.Now)
                        .Concat(CleanUp.Expired(stores.Now))
                        .Append(CleanUp.Told(stores.Now))
                        .Concat(AuditCleanUp.Old(stores.Now))
                        .Append(AuditCleanUp.Oldest(300))
                )
                    await AssertSearchesAsync(db, Command(db, statement));
                foreach (var grants in new[] { cleanUp.Ended(stores.Now), cleanUp.Revoked(stores.Now), cleanUp.NeverUsed(stores.Now) })
                    await AssertSearchesAsync(db, grants.CreateDbCommand());
                await AssertSearchesAsync(db, cleanUp.Unused(stores.Now, "").OrderBy(id => id).Take(CleanUp.Batch).CreateDbCommand());
                var again = await AssertSearchesAsync(db, cleanUp.Unused(stores.Now, ["one", "another"]).CreateDbCommand());
                Assert.DoesNotContain(again, step => step.Contains("CreatedAt", StringComparison.Ordinal)); // of all clients
                await AssertSearchesAsync(db, Command(db, $"""DELETE FROM "Grants" WHERE "Id" = {"grt"}"""));
                await AssertSearchesAsync(db, Command(db, $"""DELETE FROM "RefreshTokens" WHERE "GrantId" = {"grt"}"""));
                await AssertSearchesAsync(db, Command(db, $"""DELETE FROM "AuthorizationCodes" WHERE "GrantId" = {"grt"}"""));
            }
        );
    }

    private static DbCommand Command(OAuthDbContext db, FormattableString statement)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = string.Format(null, statement.Format, [.. statement.GetArguments().Select(_ => "1")]);
        return command;
    }

    private static async Task<IReadOnlyList<string>> AssertSearchesAsync(OAuthDbContext db, DbCommand command)
    {
        Assert.NotNull(db);
        var statement = command.CommandText;
        command.CommandText = "EXPLAIN QUERY PLAN " + statement;
        List<string> plan = [];
        await using (var reader = await command.ExecuteReaderAsync(Rows.Ct))
            while (await reader.ReadAsync(Rows.Ct))
                plan.Add(reader.GetString(3));
        Assert.NotEmpty(plan);
        Assert.DoesNotContain(plan, step =>
            step.StartsWith("SCAN", StringComparison.Ordinal) || step.StartsWith("USE TEMP", StringComparison.Ordinal)
        );
        return plan;
    }
}
