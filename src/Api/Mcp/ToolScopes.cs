using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Checks the scope inside of the SDK, on the tool that it found. The SDK reads a call more liberally than <see cref="ScopeGate"/>,
/// in other charsets and with an encoded Mcp-Name.
/// </summary>
internal static class ToolScopes
{
    public static readonly ScopeSet Endpoint = ScopeSet.Of(ScopeSet.Read);

    public static ScopeSet Of(McpServerTool tool) => tool.Metadata.OfType<RequiresScopeAttribute>().FirstOrDefault()?.Scope ?? Endpoint;

    /// <summary>Names the scopes that the token would need beside its own, as their authorization server spells them.</summary>
    public static OAuthError NotCovered(ScopeSet needed, ScopeSet own, ExternalAuthority? authority)
    {
        var missing = ScopeSet.Of(needed.Where(scope => !own.Covers(ScopeSet.Of(scope))));
        var spelled = ErrorText.Of((authority?.Spell(missing) ?? missing).ToString());
        return new OAuthError("insufficient_scope", $"The access token does not cover this operation: it lacks the scope {spelled}.");
    }

    public static OAuthError NotCovered(RequestContext<CallToolRequestParams> call) =>
        NotCovered(
            ScopeOf(call),
            CallerIdentity.Of(call.User)?.Caller.Scope ?? ScopeSet.Empty,
            call.Services!.GetService<ServerSettings>()?.OAuth.Authority
        );

    /// <summary>Every scope that one of the tools asks for, and the endpoint's own.</summary>
    public static ScopeSet OfAll(IEnumerable<McpServerTool> tools) =>
        tools.Select(Of).Aggregate(Endpoint, (all, scope) => all.Union(scope));

    public static McpRequestFilter<CallToolRequestParams, CallToolResult> CheckCall(ToolAccess access) =>
        next => (call, ct) => access.Covers(call.User, ScopeOf(call)) ? next(call, ct) : ValueTask.FromResult(Refusal(call));

    /// <summary>
    /// Leaves out tools that the token cannot call. The others say which scopes they take, for clients that read it there.
    /// </summary>
    public static McpRequestFilter<ListToolsRequestParams, ListToolsResult> ListWhatIsCovered(ToolAccess access) =>
        next =>
            async (list, ct) =>
            {
                var scopes = list.Services!.GetServices<McpServerTool>()
                    .ToDictionary(tool => tool.ProtocolTool.Name, Of, StringComparer.Ordinal);
                var result = await next(list, ct);
                result.Tools = [.. result.Tools.Where(tool => access.Covers(list.User, scopes.GetValueOrDefault(tool.Name, Endpoint)))];
                foreach (var tool in result.Tools)
                    if (scopes.TryGetValue(tool.Name, out var scope))
                        (tool.Meta ??= [])["securitySchemes"] = new JsonArray(
                            new JsonObject
                            {
                                ["type"] = "oauth2",
                                ["scopes"] = new JsonArray([.. scope.Select(name => JsonValue.Create(name))]),
                            }
                        );
                return result;
            };

    private static ScopeSet ScopeOf(RequestContext<CallToolRequestParams> call) =>
        call.MatchedPrimitive is McpServerTool tool ? Of(tool) : Endpoint;

    private static CallToolResult Refusal(RequestContext<CallToolRequestParams> call)
    {
        var (settings, refusal) = (call.Services!.GetService<ServerSettings>(), NotCovered(call));
        var result = new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = refusal.Description }] };
        if (settings is { ChallengesInToolResults: true })
            result.Meta = new JsonObject
            {
                ["mcp/www_authenticate"] = new JsonArray(BearerGate.Challenge(settings.OAuth, ScopeOf(call), refusal)),
            };
        return result;
    }
}
