using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Nodes;

/// <summary>
/// Two server processes on one PostgreSQL and no common disk, started at the same moment on an empty database, behind a load balancer
/// whose address is their public URL. They end with it, whatever happens.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    /// <summary>Who is there from the start.</summary>
    public static readonly string[] Users = ["alice", "bob", "carol"];

    private Cluster(string database, IReadOnlyList<Node> nodes, LoadBalancer balancer, StandIn api) =>
        (Database, Nodes, Balancer, Api) = (database, nodes, balancer, api);

    public string Database { get; }
    public IReadOnlyList<Node> Nodes { get; }
    public LoadBalancer Balancer { get; }

    /// <summary>The API behind the tools of all nodes.</summary>
    public StandIn Api { get; }

    public static async Task<Cluster> StartAsync(PostgresServer postgres, params (string Key, string Value)[] configuration)
    {
        var database = await postgres.NewDatabaseAsync();
        var api = await StandIn.StartAsync(StandIn.AnythingAsync);
        var publicUrl = new Uri($"http://localhost:{TestServer.FreePort()}");
        var arguments = Arguments(publicUrl, database, api.Address, configuration);
        Node[] nodes = [new(publicUrl, arguments), new(publicUrl, arguments)];
        var cluster = new Cluster(database, nodes, await LoadBalancer.StartAsync(publicUrl, nodes), api);
        try
        {
            await Task.WhenAll(nodes.Select(node => node.StartAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a verb beside the nodes, as an operator would.</summary>
    public async Task<string> RunAsync(params string[] verb)
    {
        var (exitCode, output, error) = await ServerProcess.RunAsync([
            .. verb,
            $"--ConnectionStrings:Database={Database}",
            $"--Protection:KeyFile={PostgresServer.KeyFile}",
        ]);
        Assert.True(exitCode == 0, error);
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await node.DisposeAsync();
        await Balancer.DisposeAsync();
        await Api.DisposeAsync();
    }

    private static IReadOnlyList<string> Arguments(Uri publicUrl, string database, Uri api, (string Key, string Value)[] configuration)
    {
        var keys = new Dictionary<string, string>
        {
            ["OAuth:PublicUrl"] = publicUrl.GetLeftPart(UriPartial.Authority),
            ["ConnectionStrings:Database"] = database,
            ["Protection:KeyFile"] = PostgresServer.KeyFile,
            ["Server:StopDelay"] = "00:00:01", // ten looks of the load balancer
            ["Downstream:BaseAddress"] = api.AbsoluteUri,
            ["Limits:TokenPerMinute"] = "0", // 0: none, since all tests have one address
            ["Limits:FailedClientsPerMinute"] = "0",
            ["Limits:AuthorizePerMinute"] = "0",
            ["Limits:SignInPerMinute"] = "0",
            ["Limits:PagesPerMinute"] = "0",
            ["OAuth:Registration:PerMinute"] = "0",
        };
        foreach (var (index, name) in Users.Index())
            (keys[$"Accounts:Seed:{index}:UserName"], keys[$"Accounts:Seed:{index}:Password"]) = (name, TestServer.Password);
        foreach (var (key, value) in configuration)
            keys[key] = value;
        return [.. keys.Select(pair => $"--{pair.Key}={pair.Value}")];
    }
}
