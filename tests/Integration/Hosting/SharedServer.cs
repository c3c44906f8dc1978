namespace OAuthMcp.Integration.Hosting;

/// <summary>One server for the tests of a class, which run one after another and leave its clock alone.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    internal TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
