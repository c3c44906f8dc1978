using OAuthMcp.Integration.Hosting;
using OAuthMcp.Integration.Nodes;

namespace OAuthMcp.Integration.Delivery;

/// <summary>Two nodes on one PostgreSQL, in Production, that are known by an https address: whichever proxy has it at the time.</summary>
public sealed class NodesBehindTls : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private StandIn? api;
    private string? database;

    internal Uri Address { get; } = new($"https://localhost:{TestServer.FreePort()}");
    internal IReadOnlyList<Node> Nodes { get; private set; } = [];

    internal Task<RealProxy> StartAsync(string proxy) =>
        RealProxy.StartAsync(proxy, Address, Nodes, Directory.CreateDirectory(Path.Combine(folder.Path, proxy)).FullName);

    public async ValueTask InitializeAsync()
    {
        if (!PostgresServer.IsInstalled) // each test says so
            return;
        database = await PostgresServer.Shared.CopyTemplateAsync();
        api = await StandIn.StartAsync(StandIn.AnythingAsync);
        string[] arguments =
        [
            $"--OAuth:PublicUrl={Address.GetLeftPart(UriPartial.Authority)}",
            $"--ConnectionStrings:Database={database}",
            $"--Protection:KeyFile={PostgresServer.KeyFile}",
            $"--Downstream:BaseAddress={api.Address.AbsoluteUri}",
            "--Server:TrustedProxies=127.0.0.1 ::1",
            "--Server:StopDelay=00:00:01",
            "--Accounts:Seed:0:UserName=alice",
            $"--Accounts:Seed:0:Password={TestServer.Password}",
        ];
        Nodes = [new Node(Address, arguments), new Node(Address, arguments)];
        await Task.WhenAll(Nodes.Select(node => node.StartAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await node.DisposeAsync();
        if (api is not null)
            await api.DisposeAsync();
        if (database is not null)
            await PostgresServer.Shared.RemoveAsync(database);
        folder.Dispose();
    }
}
