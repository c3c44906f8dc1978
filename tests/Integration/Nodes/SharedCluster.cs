using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Nodes;

/// <summary>One pair of nodes for the tests that leave it as they found it, and a client of it that signs its own name.</summary>
public sealed class SharedCluster(PostgresServer postgres) : IAsyncLifetime
{
    internal const string Signer = "signer";

    private Cluster? cluster;

    internal ClientKey Key { get; } = new();

    internal Cluster Cluster
    {
        get
        {
            Requires.Postgres();
            return cluster!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.IsInstalled) // each test says so
            cluster = await Cluster.StartAsync(
                postgres,
                ("OAuth:Clients:0:ClientId", Signer),
                ("OAuth:Clients:0:Jwks", Key.Jwks.ToJsonString()),
                ("OAuth:Clients:0:Scopes", "mcp.read")
            );
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
        Key.Dispose();
    }
}
