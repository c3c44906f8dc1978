using OAuthMcp.Integration.Hosting;
using OAuthMcp.Integration.Upstream;

namespace OAuthMcp.Integration.Nodes;

/// <summary>A second pair of nodes: its users have accounts at a provider too, and its refresh tokens no grace.</summary>
public sealed class UpstreamCluster(PostgresServer postgres) : IAsyncLifetime
{
    private Cluster? cluster;

    internal UpstreamStandIn Provider { get; private set; } = null!;

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
        Provider = await GitHubStandIn.StartAsync();
        (Provider.TokenLifetime, Provider.RevokesOnReuse) = (TimeSpan.FromHours(8), true);
        if (PostgresServer.IsInstalled) // each test says so
            cluster = await Cluster.StartAsync(
                postgres,
                [
                    .. UpstreamServer.Keys(Provider, "github"),
                    ("Accounts:Local", "true"),
                    ("Downstream:Token", "Upstream"),
                    ("OAuth:RefreshGrace", "00:00:00"),
                ]
            );
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
