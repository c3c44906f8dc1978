using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace OAuthMcp.Integration.Faults;

/// <summary>
/// Stands between the program and PostgreSQL, as a network that is slow, that breaks, or that swallows what it was given in the worst
/// moment: around a COMMIT, or around a statement that commits itself.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopped = new();
    private readonly ConcurrentDictionary<Connection, Task> connections = new();
    private readonly (string Host, int Port) server;
    private readonly Task accepting;
    private int commits;
    private TaskCompletionSource hit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FaultProxy(string address)
    {
        var parts = new NpgsqlConnectionStringBuilder(address);
        server = (parts.Host!, parts.Port);
        listener.Start();
        (parts.Host, parts.Port) = ("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        (Server, Address) = (address, parts.ConnectionString);
        accepting = AcceptAsync();
    }

    /// <summary>The connection string of the database.</summary>
    public string Server { get; }

    /// <summary>The same by way of this proxy.</summary>
    public string Address { get; }

    /// <summary>How long each answer of the server is on its way.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>What becomes of the next COMMIT; once, unless it is <see cref="Every"/>.</summary>
    public CommitFault Fault { get; set; }

    /// <summary>Every how many COMMITs it happens; 0 for once.</summary>
    public int Every { get; set; }

    /// <summary>How often it has happened.</summary>
    public int Hits { get; private set; }

    /// <summary>Ends when it has happened.</summary>
    public Task Hit => hit.Task;

    public static FaultProxy Start(string address) => new(address);

    public void Arm(CommitFault fault)
    {
        (hit, released) = (NewSignal(), NewSignal());
        Fault = fault;
    }

    /// <summary>What was held back goes on its way.</summary>
    public void Release() => released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await stopped.CancelAsync();
        listener.Dispose();
        await accepting;
        await Task.WhenAll(connections.Values);
        stopped.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = new Connection(await listener.AcceptSocketAsync(stopped.Token));
                connections[connection] = PassAsync(connection);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private async Task PassAsync(Connection connection)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopped.Token);
        try
        {
            await connection.Server.ConnectAsync(server.Host, server.Port, stopped.Token);
            await Task.WhenAny(SendAsync(connection, over.Token), AnswerAsync(connection, over.Token));
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            // The server is gone, and so will the client be.
        }

        await over.CancelAsync();
        connection.Client.Close(0); // a reset
        connection.Server.Close(0);
    }

    private async Task SendAsync(Connection connection, CancellationToken over)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await connection.Client.ReceiveAsync(buffer, over) is > 0 and var read)
            {
                var message = buffer.AsMemory(0, read);
                var fault = connection.Commits(message.Span) ? Next() : CommitFault.None;
                connection.Fault = fault;
                if (fault is CommitFault.Lost)
                    return;
                if (fault is CommitFault.Held)
                    await released.Task.WaitAsync(over);
                await connection.Server.SendAsync(message, over);
            }
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two is gone, and so will the other be.
        }
    }

    private async Task AnswerAsync(Connection connection, CancellationToken over)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await connection.Server.ReceiveAsync(buffer, over) is > 0 and var read)
            {
                if (connection.Fault is CommitFault.AnswerLost)
                    return;
                if (connection.Fault is CommitFault.AnswerHeld)
                    await released.Task.WaitAsync(over);
                if (Latency > TimeSpan.Zero)
                    await Task.Delay(Latency, over);
                await connection.Client.SendAsync(buffer.AsMemory(0, read), over);
            }

            // An end of the server is not heard of while the network is silent.
            if (connection.Fault is CommitFault.AnswerHeld or CommitFault.Held)
                await released.Task.WaitAsync(over);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two is gone, and so will the other be.
        }
    }

    private CommitFault Next()
    {
        if (Fault is CommitFault.None || (Every > 0 && Interlocked.Increment(ref commits) % Every != 0))
            return CommitFault.None;
        var fault = Fault;
        if (Every == 0)
            Fault = CommitFault.None;
        Hits++;
        hit.TrySetResult();
        return fault;
    }

    private sealed class Connection(Socket client)
    {
        public Socket Client { get; } = client;
        public Socket Server { get; } = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        public volatile CommitFault Fault;

        private static readonly byte[] Commit = Encoding.ASCII.GetBytes("COMMIT\0"); // and no READ COMMITTED
        private static readonly byte[] Change = Encoding.ASCII.GetBytes("\0WITH "); // after its name, empty at first
        private readonly List<byte[]> prepared = [];

        /// <summary>Whether the message ends a transaction, or is one. What was prepared is known by its name alone.</summary>
        public bool Commits(ReadOnlySpan<byte> message)
        {
            var end = message.IndexOf(Change);
            if (end > 0 && message[..end].LastIndexOf((byte)'_') is >= 0 and var start)
                prepared.Add([0, .. message[start..end], 0]);
            if (end >= 0 || message.IndexOf(Commit) >= 0)
                return true;
            foreach (var name in prepared)
                if (message.IndexOf(name) >= 0)
                    return true;
            return false;
        }
    }
}
