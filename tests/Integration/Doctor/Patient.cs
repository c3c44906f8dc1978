using OAuthMcp.Api.Doctor;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Doctor;

/// <summary>A good server that is known by the address of a proxy in front of it.</summary>
public sealed class Patient : IAsyncLifetime
{
    private int port;

    internal BrokenProxy Proxy { get; private set; } = null!;
    internal TestServer Server { get; private set; } = null!;
    internal string Url => $"http://localhost:{port}";

    public async ValueTask InitializeAsync()
    {
        port = TestServer.FreePort();
        Proxy = await BrokenProxy.StartAsync(port);
        Server = await TestServer.StartAsync(("OAuth:PublicUrl", Url));
        Proxy.Server = Server;
    }

    /// <summary>What the doctor finds from outside.</summary>
    internal Task<IReadOnlyList<CheckedFinding>> ExamineAsync() => ExamineAsync(new Uri(Url), Server);

    internal static async Task<IReadOnlyList<CheckedFinding>> ExamineAsync(Uri url, TestServer? server)
    {
        using var visit = new Visit(url);
        var found = new List<CheckedFinding>();
        await foreach (var finding in Examination.RunAsync(visit, Examination.Outside, TestContext.Current.CancellationToken))
        {
            found.Add(finding);
            if (finding.Check == StreamChecks.First)
                server?.Clock.Advance(TimeSpan.FromSeconds(15)); // the stream's silence, which comes next, passes
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Proxy.DisposeAsync();
    }
}
