using Microsoft.Data.Sqlite;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Faults;

/// <summary>
/// Whatever is killed in the middle of its work: what a client was answered holds. <c>OAUTHMCP_KILL_ROUNDS</c>
/// says how often.
/// </summary>
public sealed class KillTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task F_01_a_killed_server_on_sqlite_has_kept_what_it_answered()
    {
        // Two at a time, since most of a round is the start of a process.
        await Task.WhenAll(OnSqliteAsync((KillRounds.Count + 1) / 2), OnSqliteAsync(KillRounds.Count / 2));
    }

    [Fact]
    public async Task F_03_killed_nodes_and_a_killed_postgres_have_kept_what_they_answered()
    {
        Requires.Postgres();
        await using var postgres = new PostgresServer();
        var (database, data, seed) = (await postgres.NewDatabaseAsync(), Folder(), Environment.TickCount);
        var random = new Random(seed);
        int[] ports = [TestServer.FreePort(), TestServer.FreePort()];
        var publicUrl = new Uri($"http://localhost:{ports[0]}");
        var nodes = new FaultNode?[ports.Length];
        Task StartAsync(int index) =>
            Task.Run(async () => nodes[index] = await FaultNode.StartAsync(ports[index], publicUrl, data, database));
        await StartAsync(0);
        await StartAsync(1);
        Uri Find() => nodes.OfType<FaultNode>().ElementAt(random.Next(nodes.OfType<FaultNode>().Count())).Address;
        using var rounds = new KillRounds(Find, $"{publicUrl}mcp", seed);
        var starting = Task.CompletedTask;
        try
        {
            for (var round = 0; round < KillRounds.Count; round++)
                await rounds.RunAsync(async () =>
                {
                    if (random.Next(6) > 0 || !starting.IsCompleted)
                    {
                        await postgres.KillHardAsync();
                        await postgres.StartAsync();
                        return;
                    }

                    // The other one goes on meanwhile, for as many rounds as this one takes to start.
                    await starting;
                    var victim = random.Next(nodes.Length);
                    await nodes[victim]!.DisposeAsync();
                    nodes[victim] = null;
                    starting = StartAsync(victim);
                });
            await starting;
            await rounds.CheckSpentAsync();
            Assert.Equal(0L, await PostgresServer.ReadAsync(database, Forks("oauthmcp.\"RefreshTokens\"")));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new InvalidOperationException($"Seed {seed}: {string.Concat(nodes.OfType<FaultNode>().Select(Tail))}", failure);
        }
        finally
        {
            await Task.WhenAny(starting);
            foreach (var node in nodes.OfType<FaultNode>())
                await node.DisposeAsync();
        }
    }

    public void Dispose() => folder.Dispose();

    private async Task OnSqliteAsync(int count)
    {
        var (data, port, seed) = (Folder(), TestServer.FreePort(), Environment.TickCount);
        var address = new Uri($"http://localhost:{port}");
        var node = await FaultNode.StartAsync(port, address, data, null);
        using var rounds = new KillRounds(() => address, $"{address}mcp", seed);
        try
        {
            for (var round = 0; round < count; round++)
                await rounds.RunAsync(async () =>
                {
                    await node.DisposeAsync();
                    node = await FaultNode.StartAsync(port, address, data, null);
                });
            await rounds.CheckSpentAsync();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new InvalidOperationException($"Seed {seed}: {Tail(node)}", failure);
        }
        finally
        {
            await node.DisposeAsync();
        }

        await using var connection = new SqliteConnection($"Data Source={data}/oauthmcp.db;Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        Assert.Equal("ok", await ScalarAsync(connection, "PRAGMA integrity_check"));
        Assert.Equal(0L, await ScalarAsync(connection, Forks("\"RefreshTokens\"")));
    }

    // A grant has one family of tokens, and a token one successor.
    private static string Forks(string table) =>
        $"""
            SELECT COUNT(*) FROM (
                SELECT 1 FROM {table} GROUP BY "GrantId" HAVING COUNT(DISTINCT "Family") > 1 OR COUNT(DISTINCT "Generation") < COUNT(*)
            ) AS forks
            """;

    private static async Task<object?> ScalarAsync(System.Data.Common.DbConnection connection, string statement)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private static string Tail(FaultNode node) => node.Process.Output[Math.Max(0, node.Process.Output.Length - 6000)..];

    private string Folder() => Path.Combine(folder.Path, Path.GetRandomFileName());
}
