using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Nodes;

/// <summary>Two servers in this process on one PostgreSQL, each with a clock of its own.</summary>
public sealed class TwoClocks(PostgresServer postgres) : IAsyncLifetime
{
    private TestServer[] nodes = [];

    internal IReadOnlyList<TestServer> Nodes
    {
        get
        {
            Requires.Postgres();
            return nodes;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!PostgresServer.IsInstalled)
            return; // each test says so
        var (database, first, second) = (await postgres.NewDatabaseAsync(), TestServer.FreePort(), TestServer.FreePort());
        (string, string)[] keys = [("ConnectionStrings:Database", database), ("OAuth:PublicUrl", $"http://localhost:{first}")];
        nodes = [await TestServer.StartAsync(TestServer.NewDataDirectory(), first, keys)];
        nodes = [.. nodes, await TestServer.StartAsync(TestServer.NewDataDirectory(), second, keys)];
    }

    /// <summary>Lets time pass until this node is so much ahead of the other.</summary>
    internal void Set(int ahead, TimeSpan difference)
    {
        var missing = Nodes[1 - ahead].Clock.GetUtcNow() + difference - Nodes[ahead].Clock.GetUtcNow();
        Nodes[missing > TimeSpan.Zero ? ahead : 1 - ahead].Clock.Advance(missing.Duration());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            await node.DisposeAsync();
    }
}
