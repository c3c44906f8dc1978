using System.Text.Json;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Answers a call that its token's scope does not cover with a real 403 before the tool runs, since the SDK would
/// put the refusal inside a 200 (RFC 6750 §3.1; MCP authorization, "Runtime Insufficient Scope Errors").
/// </summary>
internal sealed class ScopeGate(RequestDelegate next, ServerSettings settings, IEnumerable<McpServerTool> tools)
{
    /// <summary>From this revision on the headers name method and tool, and the SDK refuses headers that differ from the body.</summary>
    public const string FirstRevisionWithHeaders = "2026-07-28";

    private readonly Dictionary<string, ScopeSet> needed = tools.ToDictionary(
        tool => tool.ProtocolTool.Name,
        ToolScopes.Of,
        StringComparer.Ordinal
    );

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Features.Get<BearerToken>() is not var (_, (token, _)))
        {
            await next(http);
            return;
        }

        var scope = ToolScopes.Endpoint;
        if (await CalledToolAsync(http) is { } tool && needed.TryGetValue(tool, out var toolScope))
            (scope, http.Items[RequestLog.Tool]) = (toolScope, tool);
        // Where asked for, the refusal of a tool is left to the tool's result, since some clients read a challenge there alone.
        if (token.Scope.Covers(settings.ChallengesInToolResults ? ToolScopes.Endpoint : scope))
        {
            await next(http);
            return;
        }

        http.Response.Headers.WWWAuthenticate = BearerHandler.Challenge(settings.OAuth, scope, ToolScopes.NotCovered);
        await OAuthResults.Error(ToolScopes.NotCovered).ExecuteAsync(http);
    }

    // SEP-2243: a name that is no header value comes as =?base64?…?=
    private static string DecodeName(string header)
    {
        if (!header.StartsWith("=?base64?", StringComparison.OrdinalIgnoreCase) || !header.EndsWith("?=", StringComparison.Ordinal))
            return header;
        var encoded = header["=?base64?".Length..^2];
        var name = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, name, out var length) ? System.Text.Encoding.UTF8.GetString(name, 0, length) : header;
    }

    private static async Task<string?> CalledToolAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
            return null;
        if (string.CompareOrdinal(http.Request.Headers["MCP-Protocol-Version"], FirstRevisionWithHeaders) >= 0)
            return http.Request.Headers["Mcp-Method"] == "tools/call" ? DecodeName(http.Request.Headers["Mcp-Name"].ToString()) : null;

        http.Request.EnableBuffering(1024 * 1024); // the endpoint limits the size
        try
        {
            using var message = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            return
                message.RootElement is { ValueKind: JsonValueKind.Object } call
                && call.TryGetProperty("method", out var method)
                && method.ValueKind == JsonValueKind.String
                && method.ValueEquals("tools/call")
                && call.TryGetProperty("params", out var parameters)
                && parameters.ValueKind == JsonValueKind.Object
                && parameters.TryGetProperty("name", out var name)
                && name.ValueKind == JsonValueKind.String
                ? name.GetString()
                : null;
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
