using System.Net;
using System.Net.Sockets;

namespace OAuthMcp.Integration.Hosting;

/// <summary>A proxy that passes bytes through and cuts each connection that was silent for a while, as many in the field do.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopped = new();
    private readonly Uri server;
    private readonly TimeSpan silence;
    private readonly Task accepting;
    private int cut;

    private CuttingProxy(Uri server, TimeSpan silence)
    {
        (this.server, this.silence) = (server, silence);
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Address => new($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>How many connections it has cut.</summary>
    public int Cut => cut;

    public static CuttingProxy Start(Uri server, TimeSpan silence) => new(server, silence);

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        listener.Dispose();
        await accepting;
        stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(PassAsync(await listener.AcceptSocketAsync(stopped.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task PassAsync(Socket client)
    {
        using var upstream = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(stopped.Token);
        try
        {
            await upstream.ConnectAsync(server.Host, server.Port, stopped.Token);
            quiet.CancelAfter(silence);
            await Task.WhenAny(CopyAsync(client, upstream, quiet), CopyAsync(upstream, client, quiet));
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            // One of the two is gone, and so will the other be.
        }

        if (quiet.IsCancellationRequested && !stopped.IsCancellationRequested)
            Interlocked.Increment(ref cut);
        await quiet.CancelAsync();
        client.Close(0);
        upstream.Close(0);
    }

    private async Task CopyAsync(Socket from, Socket to, CancellationTokenSource quiet)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, quiet.Token) is > 0 and var read)
            {
                quiet.CancelAfter(silence);
                await to.SendAsync(buffer.AsMemory(0, read), quiet.Token);
            }
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // As above.
        }
    }
}
