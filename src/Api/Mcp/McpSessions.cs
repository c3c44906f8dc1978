using System.Collections.Concurrent;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// The sessions that are open, so that no user has more of them, or of their streams, than its share: the user's own oldest goes
/// first. The SDK keeps them, and ends one only by DELETE or when it is idle.
/// </summary>
internal sealed class McpSessions(
    ServerSettings settings,
    EndpointDataSource endpoints,
    IServiceScopeFactory scopes,
    ILogger<McpSessions> log
) : IOpenSessions
{
    private readonly ConcurrentDictionary<string, McpSession> sessions = new(StringComparer.Ordinal);
    private readonly Lock shares = new();
    private long turn;

    public McpSession? Find(string? id) => string.IsNullOrEmpty(id) ? null : sessions.GetValueOrDefault(id);

    /// <summary>A request of the session begins.</summary>
    public void Enter(McpSession session) => session.Enter(Interlocked.Increment(ref turn));

    /// <summary>Runs a session, for the SDK, as long as it is open.</summary>
    /// <param name="closed">Set when the session ends.</param>
    public async Task RunAsync(HttpContext http, McpServer server, CancellationToken closed)
    {
        if (server.SessionId is not { Length: > 0 } id || CallerIdentity.Of(http.User) is not { } caller)
        {
            await server.RunAsync(closed); // it lasts as long as its request
            return;
        }

        var session = new McpSession(id, http.User, caller.Caller.Subject);
        Enter(session);
        session.Leave();
        if (Add(session) is { } oldest)
            _ = EndAsync(oldest, "made room for a newer one", isKept: true);
        using var end = closed.UnsafeRegister(ending => ((McpSession)ending!).Hush(), session);
        try
        {
            await server.RunAsync(closed);
        }
        finally
        {
            sessions.TryRemove(id, out _);
            session.Hush();
        }
    }

    /// <summary>Makes the request the stream of its session, and ends the user's oldest one where that is one too many.</summary>
    public void Listen(McpSession session, OpenRequest request)
    {
        lock (shares)
        {
            session.Listen(request, Interlocked.Increment(ref turn));
            var open = Of(session.Subject).Where(other => other.IsListening).OrderBy(other => other.ListensSince).ToList();
            if (settings.Limits.McpStreamsPerUser > 0 && open.Count > settings.Limits.McpStreamsPerUser)
                open[0].Hush();
        }
    }

    public void End(TokenHash session)
    {
        if (sessions.Values.FirstOrDefault(open => open.Hash == session) is { } ended)
            _ = EndAsync(ended, "was ended at another node", isKept: false);
    }

    /// <returns>The session that has to go.</returns>
    private McpSession? Add(McpSession session)
    {
        lock (shares)
        {
            var others = Of(session.Subject).ToList();
            sessions[session.Id] = session;
            return settings.Limits.McpSessionsPerUser == 0 || others.Count < settings.Limits.McpSessionsPerUser
                ? null
                : others.OrderBy(other => other.IsInUse).ThenBy(other => other.LastUse).First();
        }
    }

    private IEnumerable<McpSession> Of(string subject) => sessions.Values.Where(session => session.Subject == subject);

    // The SDK's own endpoint is the one way to end a session of it.
    private async Task EndAsync(McpSession session, string why, bool isKept)
    {
        try
        {
            var delete = endpoints
                .Endpoints.OfType<RouteEndpoint>()
                .Single(endpoint =>
                    endpoint.RoutePattern.RawText?.TrimEnd('/') == ResourceIndicator.EndpointPath
                    && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Delete) == true
                );
            await using var scope = scopes.CreateAsyncScope();
            if (isKept && scope.ServiceProvider.GetService<IProtocolSessions>() is { } kept)
                await kept.ForgetAsync(session.Id, session.Subject, CancellationToken.None);
            var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider, User = session.Owner };
            (http.Request.Method, http.Request.Headers["Mcp-Session-Id"]) = (HttpMethods.Delete, session.Id);
            await delete.RequestDelegate!(http);
            log.LogInformation("A session of {Subject} {Why:l}", session.Subject, why);
        }
        catch (Exception failure)
        {
            log.LogError(failure, "A session of {Subject} could not be ended", session.Subject);
        }
    }
}
