using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace OAuthMcp.Integration.Hosting;

/// <summary>JSON-RPC over streamable HTTP by hand, at revision 2025-11-25 unless a test says otherwise.</summary>
internal static class McpRequests
{
    public const string Revision = "2025-11-25";

    public static string Initialize { get; } =
        Message("initialize", $$"""{"protocolVersion":"{{Revision}}","capabilities":{},"clientInfo":{"name":"test","version":"1"} }""");

    public static string Message(string method, string parameters) =>
        $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""";

    public static string Call(string tool, string arguments = "{}") =>
        Message("tools/call", $$"""{"name":"{{tool}}","arguments":{{arguments}}}""");

    /// <summary>A request to /mcp as a well-behaved client sends it; a test changes what it is about.</summary>
    public static HttpRequestMessage Request(string? token, string? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent(body ?? Initialize, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    public static async Task<HttpResponseMessage> SendAsync(this IReachable server, HttpRequestMessage request)
    {
        using var http = server.Http();
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static Task<HttpResponseMessage> PostMcpAsync(
        this IReachable server,
        string? token,
        string? body = null,
        params (string Name, string Value)[] headers
    ) => server.SendAsync(Request(token, body, headers));

    /// <summary>Whether the token opens the endpoint: 200, or 401 <c>invalid_token</c>; anything else fails the test.</summary>
    public static async Task<bool> AcceptsAsync(this IReachable server, string token)
    {
        using var response = await server.PostMcpAsync(token);
        if (response.StatusCode == HttpStatusCode.OK)
            return true;
        await response.AssertErrorAsync(401, "invalid_token");
        return false;
    }

    /// <summary>Asks with a good token until it is refused, which another process made it to be a moment ago.</summary>
    /// <returns>How long that took.</returns>
    public static async Task<TimeSpan> RefusesSoonAsync(this TestServer server, string token)
    {
        var waited = Stopwatch.StartNew();
        while (await server.AcceptsAsync(token))
            Assert.InRange(waited.Elapsed, TimeSpan.Zero, ServerProcess.Soon);
        return waited.Elapsed;
    }

    /// <summary>Asks until the answer has that status.</summary>
    public static async Task<HttpResponseMessage> AnswersSoonAsync(this TestServer server, string token, HttpStatusCode status)
    {
        for (var waited = Stopwatch.StartNew(); ; )
        {
            var response = await server.PostMcpAsync(token);
            if (response.StatusCode == status)
                return response;
            response.Dispose();
            Assert.InRange(waited.Elapsed, TimeSpan.Zero, ServerProcess.Soon);
        }
    }

    /// <summary>A session's id.</summary>
    public static async Task<string> OpenSessionAsync(this IReachable server, string token)
    {
        using var response = await server.PostMcpAsync(token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    /// <summary>The JSON-RPC answer, out of its event stream where it came in one.</summary>
    public static async Task<JsonObject> RpcAsync(this HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var json = body.Split('\n').LastOrDefault(line => line.StartsWith("data: {", StringComparison.Ordinal))?["data: ".Length..] ?? body;
        return (JsonObject)JsonNode.Parse(json)!;
    }
}
