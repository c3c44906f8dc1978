using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Checks the scope inside of the SDK, on the tool that it found. The SDK reads a call more liberally than <see cref="ScopeGate"/>,
/// in other charsets and with an encoded Mcp-Name.
/// </summary>
internal static class ToolScopes
{
    public static readonly OAuthError NotCovered = new("insufficient_scope", "The access token does not cover this operation.");
    public static readonly ScopeSet Endpoint = ScopeSet.Of(ScopeSet.Read);

    public static ScopeSet Of(McpServerTool tool) => tool.Metadata.OfType<RequiresScopeAttribute>().FirstOrDefault()?.Scope ?? Endpoint;

    /// <summary>Every scope that one of the tools asks for, and the endpoint's own.</summary>
    public static ScopeSet OfAll(IEnumerable<McpServerTool> tools) =>
        tools.Select(Of).Aggregate(Endpoint, (all, scope) => all.Union(scope));

    public static McpRequestFilter<CallToolRequestParams, CallToolResult> CheckCall(ToolAccess access) =>
        next =>
            (call, ct) =>
            {
                var scope = call.MatchedPrimitive is McpServerTool tool ? Of(tool) : Endpoint;
                return access.Covers(call.User, scope) ? next(call, ct) : ValueTask.FromResult(Refusal(call.Services!, scope));
            };

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

    private static CallToolResult Refusal(IServiceProvider services, ScopeSet scope)
    {
        var result = new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = NotCovered.Description }] };
        if (services.GetService<ServerSettings>() is { ChallengesInToolResults: true } settings)
            result.Meta = new JsonObject
            {
                ["mcp/www_authenticate"] = new JsonArray(BearerGate.Challenge(settings.OAuth, scope, NotCovered)),
            };
        return result;
    }
}
