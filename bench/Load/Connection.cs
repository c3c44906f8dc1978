using System.Buffers.Text;
using System.Net.Sockets;

namespace OAuthMcp.Load;

/// <summary>HTTP/1.1 over a connection that is kept, as little of it as servers need: the load costs as little as it can.</summary>
internal sealed class Connection(Uri server) : IDisposable
{
    private byte[] buffer = new byte[16 * 1024];
    private int filled;
    private Socket? socket;

    public async ValueTask<Answer> SendAsync(ReadOnlyMemory<byte> request)
    {
        if (socket is null)
        {
            socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync("127.0.0.1", server.Port);
        }

        for (var sent = 0; sent < request.Length; )
            sent += await socket.SendAsync(request[sent..]);
        filled = 0;
        int head;
        while ((head = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
            await FillAsync();
        head += 4;
        if (!Utf8Parser.TryParse(buffer.AsSpan(9, 3), out int status, out _))
            throw new IOException("not HTTP");
        var length = Answer.Length(buffer.AsSpan(0, head)) ?? await ReadChunksAsync(head);
        while (filled < head + length)
            await FillAsync();
        return new(status, buffer.AsMemory(0, head), buffer.AsMemory(head, length));
    }

    public void Dispose()
    {
        socket?.Dispose();
        socket = null;
    }

    /// <summary>Moves the chunks together, and returns how long they are.</summary>
    private async ValueTask<int> ReadChunksAsync(int head)
    {
        for (int end = head, next = head; ; )
        {
            int line;
            while ((line = buffer.AsSpan(next, filled - next).IndexOf("\r\n"u8)) < 0)
                await FillAsync();
            if (!Utf8Parser.TryParse(buffer.AsSpan(next, line), out int size, out _, 'x'))
                throw new IOException("not a chunk");
            var from = next + line + 2;
            while (filled < from + size + 2)
                await FillAsync();
            if (size == 0)
                return end - head;
            buffer.AsSpan(from, size).CopyTo(buffer.AsSpan(end));
            (end, next) = (end + size, from + size + 2);
        }
    }

    private async ValueTask FillAsync()
    {
        if (filled == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var count = await socket!.ReceiveAsync(buffer.AsMemory(filled));
        filled += count > 0 ? count : throw new IOException("The server hung up.");
    }
}
