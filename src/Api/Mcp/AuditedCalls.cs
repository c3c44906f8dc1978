using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Http;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Leaves an event of each call of a tool, whoever wrote the tool, with the caller that the message names. Nothing is written here:
/// the event waits in memory.
/// </summary>
internal static class AuditedCalls
{
    /// <summary>The code of a call that was let in and did not succeed.</summary>
    public const string Failed = "tool_error";

    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Note(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next
    ) =>
        async (call, ct) =>
        {
            try
            {
                var result = await next(call, ct);
                Add(call, result.IsError == true ? (result.Content.FirstOrDefault() as TextContentBlock)?.Text ?? "" : null);
                return result;
            }
            catch (Exception failure)
            {
                Add(call, failure.GetType().Name);
                throw;
            }
        };

    /// <summary>A call that its scope does not cover.</summary>
    public static AuditEvent Refused(Caller? caller, string? tool, DateTimeOffset now, OAuthError refusal) =>
        Of(caller, tool, now, AuditWords.Refused) with
        {
            ErrorCode = refusal.Code,
            Reason = AuditText.Clean(refusal.Description, AuditText.MaxReason),
        };

    private static void Add(RequestContext<CallToolRequestParams> call, string? failure)
    {
        var services = call.Services!;
        var identity = CallerIdentity.Of(call.User);
        var caller = identity?.Caller ?? services.GetRequiredService<ITokenContext>().Caller;
        var (tool, now) = (call.MatchedPrimitive?.Id, services.GetRequiredService<TimeProvider>().GetUtcNow());
        var happened =
            failure is null ? Of(caller, tool, now, AuditWords.Allowed)
            : ToolScopes.NotCovered(call) is var notCovered && failure == notCovered.Description ? Refused(caller, tool, now, notCovered)
            : Of(caller, tool, now, AuditWords.Failed) with { ErrorCode = Failed, Reason = AuditText.Clean(failure, AuditText.MaxReason) };
        services.GetRequiredService<IAuditTrail>().Note(happened);
        if (failure is null)
            return;
        if (identity?.Request is { } request)
            request.Trouble = new OAuthError(happened.ErrorCode!, happened.Reason ?? "");
        else
            services
                .GetRequiredService<ILoggerFactory>()
                .CreateLogger(typeof(AuditedCalls))
                .LogWarning("Tool {Tool:l} failed: {Reason:l}", tool, happened.Reason);
    }

    private static AuditEvent Of(Caller? caller, string? tool, DateTimeOffset now, string decision) =>
        new(now, AuditWords.ToolCall, decision)
        {
            Act = tool,
            ClientId = caller?.ClientId,
            Subject = caller?.Subject,
            Scope = caller?.Scope,
            TraceId = caller?.TraceId,
            Peer = caller?.Peer,
            IsRoutine = true,
        };
}
