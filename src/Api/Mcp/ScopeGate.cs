using ModelContextProtocol.Server;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Telemetry;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Answers a call that the scope of its token does not cover with 403 before the tool runs, since the SDK would put the refusal
/// into a 200 (RFC 6750 §3.1; MCP authorization, "Runtime Insufficient Scope Errors").
/// </summary>
internal sealed class ScopeGate(
    RequestDelegate next,
    ServerSettings settings,
    IEnumerable<McpServerTool> tools,
    IAuditTrail trail,
    TimeProvider time
)
{
    /// <summary>From this revision on the headers name method and tool. The SDK refuses headers that differ from the body.</summary>
    public const string FirstRevisionWithHeaders = "2026-07-28";

    private readonly Dictionary<string, ScopeSet> needed = tools.ToDictionary(
        tool => tool.ProtocolTool.Name,
        ToolScopes.Of,
        StringComparer.Ordinal
    );

    public async Task InvokeAsync(HttpContext http)
    {
        if (CallerIdentity.Of(http.User) is not { Caller: var caller })
        {
            await next(http);
            return;
        }

        var scope = ToolScopes.Endpoint;
        if (http.Features.Get<MessageEnvelope>()?.Tool is { } tool && needed.TryGetValue(tool, out var toolScope))
            (scope, http.Items[RequestLog.Tool]) = (toolScope, tool);
        // As configured, the tool's result carries the refusal instead, since some clients read a challenge only there.
        if (caller.Scope.Covers(settings.ChallengesInToolResults ? ToolScopes.Endpoint : scope))
        {
            await next(http);
            return;
        }

        var refusal = ToolScopes.NotCovered(scope, caller.Scope, settings.OAuth.Authority);
        trail.Note(AuditedCalls.Refused(caller, http.Items[RequestLog.Tool] as string, time.GetUtcNow(), refusal));
        if (http.Items[RequestLog.Tool] is string called)
            Instruments.Called(called, "refused");
        http.Response.Headers.WWWAuthenticate = BearerGate.Challenge(settings.OAuth, scope, refusal);
        await OAuthResults.Error(refusal).ExecuteAsync(http);
    }
}
