using System.Text;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// The body of an answer, which may be a stream of events. Each event is written whole, and between two of them a sign of life may
/// be sent.
/// </summary>
internal sealed class LiveBody(HttpResponse response) : Stream
{
    // A comment, which every reader of events skips (HTML, "Server-sent events").
    private static readonly byte[] Sign = Encoding.ASCII.GetBytes(":\n\n");

    private readonly Stream body = response.Body;
    private readonly SemaphoreSlim turn = new(1, 1);
    private bool isClosed;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Sends a sign of life, since proxies and clients cut silent streams. What is no stream, or is over, is left alone.</summary>
    public Task SignAsync(CancellationToken ct) =>
        !isClosed && response.HasStarted && response.ContentType == "text/event-stream" ? SendAsync(Sign, ct) : Task.CompletedTask;

    /// <summary>Writes and sends.</summary>
    /// <returns>Whether it was still open.</returns>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> text, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            if (isClosed)
                return false;
            await body.WriteAsync(text, ct);
            await body.FlushAsync(ct);
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Writes nothing from now on: the request ends, and nobody would read what comes late.</summary>
    public async Task EndAsync()
    {
        await turn.WaitAsync();
        isClosed = true;
        turn.Release();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (!isClosed)
                await body.WriteAsync(buffer, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (!isClosed)
                await body.FlushAsync(cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    public override void Flush() => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
