using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OAuthMcp.Integration.Hosting;

/// <summary>One connection at a time for requests as bytes, kept as long as the server keeps it.</summary>
internal sealed class KeepAlive(Uri server) : IDisposable
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private TcpClient? tcp;
    private NetworkStream? stream; // asked for once: a connection that was reset has none to give, and reading says so better
    private int start,
        end;

    /// <returns>Status line, headers and body, without what framed the body.</returns>
    public async Task<RawAnswer> SendAsync(string request, CancellationToken ct)
    {
        var isReused = tcp is not null;
        try
        {
            return await ExchangeAsync(request, ct);
        }
        catch (IOException) when (isReused)
        {
            // A server may end an idle connection at any time; on a new one it has to answer (RFC 9112 §9.3.1).
            Dispose();
            return await ExchangeAsync(request, ct);
        }
    }

    public void Dispose()
    {
        tcp?.Dispose();
        tcp = null;
    }

    private async Task<RawAnswer> ExchangeAsync(string request, CancellationToken ct)
    {
        if (tcp is null)
        {
            tcp = new TcpClient { NoDelay = true };
            await tcp.ConnectAsync(server.Host, server.Port, ct);
            (stream, start, end) = (tcp.GetStream(), 0, 0);
        }

        try
        {
            await stream!.WriteAsync(Encoding.Latin1.GetBytes(request), ct);
        }
        catch (IOException)
        {
            // It answered before it had read everything, and closed: the answer is still there to be read.
        }

        var head = new StringBuilder();
        for (var line = await LineAsync(ct); line.Length > 0; line = await LineAsync(ct))
            head.Append(line).Append("\r\n");
        var answer = new RawAnswer(head + "\r\n");
        var hasBody = answer.Status is not (204 or 304) && !request.StartsWith("HEAD ", StringComparison.Ordinal);
        var body =
            !hasBody ? ""
            : answer.Header("Transfer-Encoding") == "chunked" ? await ChunksAsync(ct)
            : await TakeAsync(int.Parse(answer.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture), ct);
        if (answer.Header("Connection") == "close")
            Dispose();
        return new RawAnswer(answer.Text + body);
    }

    private async Task<string> ChunksAsync(CancellationToken ct)
    {
        var body = new StringBuilder();
        while (int.Parse(await LineAsync(ct), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
        {
            body.Append(await TakeAsync(size, ct));
            await LineAsync(ct);
        }

        await LineAsync(ct);
        return body.ToString();
    }

    private async Task<string> LineAsync(CancellationToken ct)
    {
        var line = new StringBuilder();
        while (true)
        {
            while (start < end)
                if (buffer[start++] is var c && c == '\n')
                    return line.ToString();
                else if (c != '\r')
                    line.Append((char)c);
            await FillAsync(ct);
        }
    }

    private async Task<string> TakeAsync(int count, CancellationToken ct)
    {
        var taken = new StringBuilder();
        while (taken.Length < count)
        {
            if (start == end)
                await FillAsync(ct);
            var size = Math.Min(end - start, count - taken.Length);
            taken.Append(Encoding.Latin1.GetString(buffer, start, size));
            start += size;
        }

        return taken.ToString();
    }

    private async Task FillAsync(CancellationToken ct)
    {
        (start, end) = (0, await stream!.ReadAsync(buffer, ct));
        if (end == 0)
            throw new IOException("The server closed the connection without an answer.");
    }
}
