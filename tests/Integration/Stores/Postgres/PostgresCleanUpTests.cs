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

    private Task RunAloneAsync(Func<Task> work) => stores.InAsync((IDatabaseEngine engine) => engine.RunAloneAsync(work, Rows.Ct));
}
