using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OAuthMcp.Integration.Hosting;

/// <summary>A proxy that passes bytes through and cuts each connection that was silent for a while, as many in the field do.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopped = new();
    private readonly Uri server;
    private readonly Task accepting;
    private int cut;

    private CuttingProxy(Uri server)
    {
        this.server = server;
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Address => new($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>How long a connection may be silent; for ever until a test says otherwise.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.MaxValue;

    /// <summary>How many connections it has cut.</summary>
    public int Cut => cut;

    public static CuttingProxy Start(Uri server) => new(server);

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
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopped.Token);
        var connection = new Connection();
        try
        {
            await upstream.ConnectAsync(server.Host, server.Port, stopped.Token);
            var watching = WatchAsync(connection, over.Token);
            if (
                await Task.WhenAny(
                    watching,
                    CopyAsync(client, upstream, connection, over.Token),
                    CopyAsync(upstream, client, connection, over.Token)
                ) == watching
                && !stopped.IsCancellationRequested
            )
                Interlocked.Increment(ref cut);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            // The server is gone, and so will the client be.
        }

        await over.CancelAsync();
        client.Close(0); // a reset
        upstream.Close(0);
    }

    private async Task WatchAsync(Connection connection, CancellationToken over)
    {
        using var timer = new PeriodicTimer(Look);
        try
        {
            while (Stopwatch.GetElapsedTime(connection.LastByte) < Silence)
                await timer.WaitForNextTickAsync(over);
        }
        catch (OperationCanceledException)
        {
            // It ended by itself.
        }
    }

    private static async Task CopyAsync(Socket from, Socket to, Connection connection, CancellationToken over)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, over) is > 0 and var read)
            {
                connection.LastByte = Stopwatch.GetTimestamp();
                await to.SendAsync(buffer.AsMemory(0, read), over);
            }
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two is gone, and so will the other be.
        }
    }

    private sealed class Connection
    {
        public long LastByte { get; set; } = Stopwatch.GetTimestamp();
    }
}
