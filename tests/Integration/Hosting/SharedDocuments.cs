namespace OAuthMcp.Integration.Hosting;

/// <summary>A server in Development that takes documents from this machine, and a host of them.</summary>
public sealed class SharedDocuments : IAsyncLifetime
{
    internal TestServer Server { get; private set; } = null!;
    internal DocumentHost Host { get; private set; } = null!;

    internal static Task<TestServer> StartServerAsync(params (string Key, string Value)[] configuration) =>
        TestServer.StartAsync([("environment", "Development"), ("OAuth:ClientMetadataDocuments:AllowLoopback", "true"), .. configuration]);

    public async ValueTask InitializeAsync() => (Server, Host) = (await StartServerAsync(), await DocumentHost.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Host.DisposeAsync();
    }
}

internal static class DescribedClients
{
    /// <summary>A client whose id is the URL of its document, and which has no secret.</summary>
    public static TestClient Described(this TestServer server, string url) => new(server, url, null, "none");

    /// <summary>What /authorize answers such a client.</summary>
    public static async Task<HttpResponseMessage> AuthorizeDescribedAsync(this TestServer server, string? clientId)
    {
        using var client = server.Described(clientId!);
        return await client.Http.GetAsync(client.AuthorizationUrl(), TestContext.Current.CancellationToken);
    }

    public static async Task AssertAcceptsDescribedAsync(this TestServer server, string url)
    {
        using var response = await server.AuthorizeDescribedAsync(url);
        response.AssertAccepted();
    }

    /// <summary>page400, and nothing in it of what was found at the URL or on the way.</summary>
    public static async Task AssertRefusesDescribedAsync(this TestServer server, string? url)
    {
        using var response = await server.AuthorizeDescribedAsync(url);
        await response.AssertPageAsync();
    }
}
