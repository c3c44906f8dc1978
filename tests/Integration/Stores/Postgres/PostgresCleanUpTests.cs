using Microsoft.EntityFrameworkCore;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresCleanUpTests(PostgresStores stores) : CleanUpContract(stores.OrSkip()), IClassFixture<PostgresStores>
{
    private readonly PostgresStores stores = stores;

    [Fact]
    public async Task F_51_one_node_at_a_time_cleans_up()
    {
        var runs = new List<string>();
        await RunAloneAsync(async () =>
        {
            runs.Add("first");
            await RunAloneAsync(() => Note("second"));
        });
        await RunAloneAsync(() => Note("third"));
        Assert.Equal(["first", "third"], runs);

        Task Note(string run)
        {
            runs.Add(run);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task F_52_the_server_ends_no_statement_that_ends_everything()
    {
        var inside = await stores.InAsync(
            (OAuthDbContext db) =>
                db.InTransactionAsync(
                    async () =>
                    {
                        await db.AllowLongWorkAsync(Rows.Ct);
                        return await BudgetAsync(db);
                    },
                    Rows.Ct
                )
        );
        Assert.Equal(("0", "2min"), (inside, await stores.InAsync((OAuthDbContext db) => BudgetAsync(db))));
    }

    private static Task<string> BudgetAsync(OAuthDbContext db) =>
        db.Database.SqlQueryRaw<string>("SELECT current_setting('statement_timeout') AS \"Value\"").SingleAsync(Rows.Ct);

    private Task RunAloneAsync(Func<Task> work) => stores.InAsync((IDatabaseEngine engine) => engine.RunAloneAsync(work, Rows.Ct));
}
