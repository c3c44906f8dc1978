using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Api.OAuth;
using OAuthMcp.Application;
using OAuthMcp.Application.Tools;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Answers a call that its token's scope does not cover with a real 403 before the tool runs, since the SDK would
/// put the refusal inside a 200 (RFC 6750 §3.1; MCP authorization, "Runtime Insufficient Scope Errors").
/// </summary>
internal sealed class ScopeGate(RequestDelegate next, OAuthSettings settings, IEnumerable<McpServerTool> tools)
{
    /// <summary>Largest request body of the MCP endpoint, in bytes.</summary>
    public const int MaxBodySize = 1024 * 1024;

    /// <summary>From this revision on the headers name method and tool, and the SDK refuses headers that differ from the body.</summary>
    private const string FirstRevisionWithHeaders = "2026-07-28";

    private static readonly OAuthError NotCovered = new("insufficient_scope", "The access token does not cover this operation.");
    private static readonly ScopeSet Endpoint = ScopeSet.Of(ScopeSet.Read);
    private readonly Dictionary<string, ScopeSet> needed = tools.ToDictionary(tool => tool.ProtocolTool.Name, ScopeOf, StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Features.Get<BearerToken>() is not var (_, (token, _)))
        {
            await next(http);
            return;
        }

        var scope = await CalledToolAsync(http) is { } tool && needed.TryGetValue(tool, out var toolScope) ? toolScope : Endpoint;
        if (token.Scope.Covers(scope))
        {
            await next(http);
            return;
        }

        http.Response.Headers.WWWAuthenticate = BearerHandler.Challenge(settings, scope, NotCovered);
        await OAuthResults.Error(NotCovered).ExecuteAsync(http);
    }

    /// <summary>
    /// The same rule for the tool that the SDK found in the end: it reads a call more liberally than this gate does,
    /// in other charsets, with names in any case and with an encoded Mcp-Name.
    /// </summary>
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> RefuseCall(McpRequestHandler<CallToolRequestParams, CallToolResult> next) => (call, ct) =>
        call.Services!.GetRequiredService<ITokenContext>().Caller is { } caller && call.MatchedPrimitive is McpServerTool tool && !caller.Scope.Covers(ScopeOf(tool))
            ? ValueTask.FromResult(new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = NotCovered.Description }] })
            : next(call, ct);

    public static ScopeSet ScopeOf(McpServerTool tool) => tool.Metadata.OfType<RequiresScopeAttribute>().FirstOrDefault()?.Scope ?? Endpoint;

    private static async Task<string?> CalledToolAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method)) return null;
        if (string.CompareOrdinal(http.Request.Headers["MCP-Protocol-Version"], FirstRevisionWithHeaders) >= 0)
            return http.Request.Headers["Mcp-Method"] == "tools/call" ? http.Request.Headers["Mcp-Name"].ToString() : null;

        http.Request.EnableBuffering(MaxBodySize, MaxBodySize);
        try
        {
            using var message = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            return message.RootElement is { ValueKind: JsonValueKind.Object } call
                && call.TryGetProperty("method", out var method) && method.ValueKind == JsonValueKind.String && method.ValueEquals("tools/call")
                && call.TryGetProperty("params", out var parameters) && parameters.ValueKind == JsonValueKind.Object
                && parameters.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        }
        catch (JsonException)
        {
            return null; // what is no JSON calls no tool; the SDK answers it
        }
        finally
        {
            http.Request.Body.Position = 0;
        }
    }
}
