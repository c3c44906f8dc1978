using System.ComponentModel;
using System.Net.Http.Headers;
using ModelContextProtocol.Server;

/// <summary>The tool that asks the API behind, by an HttpClient as it is, and masks the token in the answer.</summary>
[McpServerToolType]
internal sealed class MakeAuthenticatedRequest(HttpClient http)
{
    // As long as the product's tokens.
    private static readonly string Token = new('x', 600);

    public static HttpClient To(string api)
    {
        var http = new HttpClient { BaseAddress = new Uri(api) };
        // With which the answers are as long as the product's.
        http.DefaultRequestHeaders.UserAgent.ParseAdd("an-http-client-as-it-comes/1");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return http;
    }

    public static Task EchoAsync(HttpContext context) =>
        context.Response.WriteAsJsonAsync(
            new Anything(
                context.Request.Method,
                $"http://{context.Request.Host}{context.Request.Path}{context.Request.QueryString}",
                context.Request.Query.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString()),
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString())
            )
        );

    [McpServerTool(Name = "make_authenticated_request", ReadOnly = true, UseStructuredContent = true)]
    [Description("Calls the API behind this server and returns what arrived there.")]
    public async Task<Anything> CallAsync([Description("A text that the API echoes.")] string message, CancellationToken ct)
    {
        var arrived = (await http.GetFromJsonAsync<Anything>($"/anything?message={Uri.EscapeDataString(message)}", ct))!;
        return arrived with
        {
            Headers = arrived.Headers.ToDictionary(header => header.Key, header => header.Value.Replace(Token, "xxxx****xxxx")),
        };
    }

    internal sealed record Anything(string Method, string Url, Dictionary<string, string> Args, Dictionary<string, string> Headers);
}
