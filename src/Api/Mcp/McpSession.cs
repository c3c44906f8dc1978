using System.Security.Claims;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>A session, in the revisions that have them, and the stream on which its client listens, if there is one.</summary>
internal sealed class McpSession(string id, ClaimsPrincipal owner, string subject)
{
    private const int Remembered = 100;

    private readonly Lock calls = new();
    private readonly HashSet<RequestId> running = [];
    private readonly List<RequestId> cancelledEarly = [];
    private int requests;
    private OpenRequest? stream;

    public string Id => id;

    /// <summary>By which other nodes name it.</summary>
    public TokenHash Hash { get; } = TokenHash.Of(new Secret(id));

    /// <summary>The user who opened the session and may end it.</summary>
    public ClaimsPrincipal Owner => owner;

    public string Subject => subject;
    public bool IsInUse => Volatile.Read(ref requests) > 0;
    public bool IsListening => stream is not null;
    public long LastUse { get; private set; }
    public long ListensSince { get; private set; }

    public void Enter(long turn)
    {
        LastUse = turn;
        Interlocked.Increment(ref requests);
    }

    public void Leave() => Interlocked.Decrement(ref requests);

    /// <returns>False where its client has cancelled it already: then it does not begin.</returns>
    public bool TryBegin(RequestId call)
    {
        lock (calls)
        {
            if (cancelledEarly.Remove(call))
                return false;
            running.Add(call);
            return true;
        }
    }

    public void End(RequestId call)
    {
        lock (calls)
            running.Remove(call);
    }

    /// <summary>Remembers a cancellation that came before its call, as far as the newest ones go.</summary>
    public void Cancel(RequestId call)
    {
        lock (calls)
        {
            if (running.Contains(call))
                return; // the SDK cancels it
            cancelledEarly.Add(call);
            if (cancelledEarly.Count > Remembered)
                cancelledEarly.RemoveAt(0);
        }
    }

    /// <summary>Makes the request the stream of the session. A stream that is still open ends, since its client has lost it.</summary>
    public void Listen(OpenRequest request, long turn)
    {
        ListensSince = turn;
        Interlocked.Exchange(ref stream, request)?.End();
    }

    public void StopListening(OpenRequest request) => Interlocked.CompareExchange(ref stream, null, request);

    /// <summary>Ends the stream.</summary>
    public void Hush() => stream?.End();

    /// <returns>Whether there is a stream.</returns>
    public async Task<bool> SendAsync(JsonRpcMessage message, CancellationToken ct)
    {
        if (stream is not { } open)
            return false;
        byte[] text =
        [
            .. "event: message\ndata: "u8,
            .. JsonSerializer.SerializeToUtf8Bytes(message, McpJsonUtilities.DefaultOptions),
            .. "\n\n"u8,
        ];
        return await open.Body.SendAsync(text, ct);
    }
}
