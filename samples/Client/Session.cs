using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OAuthMcp.Client.OAuth;
using OAuthMcp.Client.Terminal;

namespace OAuthMcp.Client;

/// <summary>One run against one server: puts the parts together and lets the official SDK speak MCP on top.</summary>
internal sealed class Session(ClientOptions options, Func<Uri, bool> openBrowser, Narrator narrator)
{
    // The first request waits while the person signs in.
    private static readonly TimeSpan Patience = CodeFlow.Patience + TimeSpan.FromMinutes(1);

    // Servers close connections that nobody uses, Node's after five seconds, and a POST that crosses the closing is lost.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    private readonly TokenStore store = new(options, narrator);

    public async Task<int> RunAsync(Func<McpClient, CancellationToken, Task<int>> work, CancellationToken ct)
    {
        using var oauth = OAuthHttp.Client(Network(withBodies: true));
        using var tokens = new TokenSource(options, oauth, store, new CodeFlow(options, oauth, openBrowser, narrator), narrator);
        using var http = new HttpClient(new BearerHandler(tokens, Network(withBodies: false))) { Timeout = Timeout.InfiniteTimeSpan };
        await using var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = options.Server,
                TransportMode = HttpTransportMode.StreamableHttp,
                ConnectionTimeout = Patience,
            },
            http
        );
        await using var client = await McpClient.CreateAsync(
            transport,
            new McpClientOptions
            {
                ClientInfo = new Implementation { Name = "OAuthMcp sample client", Version = "1.0" },
                ProtocolVersion = options.ProtocolVersion,
                InitializationTimeout = Patience,
                DiscoverProbeTimeout = Patience,
                Capabilities = new ClientCapabilities
                {
                    Elicitation = new ElicitationCapability
                    {
                        Form = new FormElicitationCapability(),
                        Url = new UrlElicitationCapability(),
                    },
                },
                Handlers = new McpClientHandlers { ElicitationHandler = new Questions(options, openBrowser, narrator).AskAsync },
            },
            cancellationToken: ct
        );
        return await work(client, ct);
    }

    public async Task<int> SignOutAsync(CancellationToken ct)
    {
        using var http = OAuthHttp.Client(Network(withBodies: true));
        return await new SignOut(options, http, store, narrator).RunAsync(ct) ? 0 : 1;
    }

    // No redirect is followed: it would take credentials to where nobody looked.
    private HttpMessageHandler Network(bool withBodies)
    {
        var network = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionIdleTimeout = Idle,
        };
        return options.IsVerbose ? new HttpTrace(narrator, withBodies, network) : network;
    }
}
