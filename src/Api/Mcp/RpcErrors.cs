using System.Text.Json.Nodes;

namespace OAuthMcp.Api.Mcp;

/// <summary>A refusal in the form that a client of MCP reads (JSON-RPC 2.0, "Error object").</summary>
internal static class RpcErrors
{
    public const int InvalidRequest = -32600;

    /// <param name="id">The id of the request; null when it has none that can be read.</param>
    public static Task AnswerAsync(this HttpContext http, int status, int code, string message, JsonNode? id)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        var error = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id,
            ["error"] = new JsonObject { ["code"] = code, ["message"] = message },
        };
        return http.Response.WriteAsync(error.ToJsonString(), http.RequestAborted);
    }
}
