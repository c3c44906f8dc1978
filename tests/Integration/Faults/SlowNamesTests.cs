using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Faults;

/// <summary>A machine whose resolver does not answer: a client with a document somewhere cannot be looked up.</summary>
public sealed class SlowNamesTests : IDisposable
{
    private static readonly IPAddress Resolver = IPAddress.Parse("127.0.0.77");
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task F_46_a_resolver_that_is_silent_costs_a_person_five_seconds_and_nobody_else_anything()
    {
        using var silent = TryListen();
        var names = Path.Combine(folder.Path, "resolv.conf");
        await File.WriteAllTextAsync(
            names,
            $"nameserver {Resolver}\noptions timeout:30 attempts:5\n",
            TestContext.Current.CancellationToken
        );
        await using var node = await FaultNode.StartUnderAsync(
            ["/usr/bin/unshare", "-m", "/bin/sh", "-c", $"mount --bind {names} /etc/resolv.conf && exec \"$@\"", "sh"],
            Path.Combine(folder.Path, "data"),
            "--Downstream:BaseAddress=http://127.0.0.1:9"
        );
        using var http = new HttpClient { BaseAddress = node.Address };
        var time = Stopwatch.StartNew();
        var asked = http.GetAsync(
            "/authorize?response_type=code&client_id=https%3A%2F%2Fslow.example%2Fclient.json&redirect_uri=https%3A%2F%2Fslow.example%2Fcb"
                + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
            TestContext.Current.CancellationToken
        );
        using var live = await http.GetAsync("/signin", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.False(asked.IsCompleted);
        using var page = await asked;
        Assert.Equal(HttpStatusCode.BadRequest, page.StatusCode);
        Assert.Contains(
            "This did not work",
            await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        Assert.InRange(time.Elapsed, TimeSpan.FromSeconds(1), Budget.Recovery);
    }

    public void Dispose() => folder.Dispose();

    // The port of resolvers and the file of their addresses are the machine's own: who may not have them is spared this test.
    private static UdpClient TryListen()
    {
        try
        {
            return new UdpClient(new IPEndPoint(Resolver, 53));
        }
        catch (SocketException)
        {
            Assert.Skip("This test stands in for the machine's resolver, which this user may not do here.");
            throw;
        }
    }
}
