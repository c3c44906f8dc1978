using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Application.Tools;

namespace OAuthMcp.Api.Mcp;

#pragma warning disable MCP9006 // the sessions of the older revisions, which are served
/// <summary>
/// Lets any node, and a server that was started again, go on with a session. What its client said when it opened it is all there
/// is to know; a call that runs, and a stream, stay where they are.
/// </summary>
internal sealed class SessionMigration(ServerSettings settings, TimeProvider time, ILogger<SessionMigration> log) : ISessionMigrationHandler
{
    private const int LongestOpening = 16 * 1024;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public async ValueTask OnSessionInitializedAsync(
        HttpContext context,
        string sessionId,
        InitializeRequestParams initializeParams,
        CancellationToken cancellationToken
    )
    {
        var opening = JsonSerializer.Serialize(initializeParams, McpJsonUtilities.DefaultOptions);
        if (CallerIdentity.Of(context.User) is not { } caller || opening.Length > LongestOpening)
            return; // it stays on this node
        var isKept = await Sessions(context)
            .TryKeepAsync(
                sessionId,
                caller.Caller.Subject,
                opening,
                time.GetUtcNow() + Lifetime,
                settings.Limits.McpSessionsPerUser,
                cancellationToken
            );
        if (!isKept)
            log.LogWarning("A session of {Subject} stays on this node, since the database takes nothing now", caller.Caller.Subject);
    }

    public async ValueTask<InitializeRequestParams?> AllowSessionMigrationAsync(
        HttpContext context,
        string sessionId,
        CancellationToken cancellationToken
    ) =>
        CallerIdentity.Of(context.User) is { } caller
        && await Sessions(context).FindAsync(sessionId, caller.Caller.Subject, time.GetUtcNow(), cancellationToken) is { } opening
            ? JsonSerializer.Deserialize<InitializeRequestParams>(opening, McpJsonUtilities.DefaultOptions)
            : null;

    private static IProtocolSessions Sessions(HttpContext context) => context.RequestServices.GetRequiredService<IProtocolSessions>();
}
