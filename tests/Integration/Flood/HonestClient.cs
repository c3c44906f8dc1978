using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Flood;

/// <summary>An application and its user, who want to be served among all others.</summary>
internal sealed class HonestClient(Uri server, string userName) : IDisposable
{
    private const string Message = """
        {
          "name": "make_authenticated_request",
          "arguments": { "message": "hello" },
          "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
            "io.modelcontextprotocol/clientCapabilities": {}
          }
        }
        """;

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server };
    private string token = "";

    /// <summary>All of it, as for the first time: registers, signs in, allows and takes the tokens.</summary>
    public async Task SignInAsync()
    {
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        using var registered = await http.PostAsJsonAsync(
            "/register",
            new { redirect_uris = new[] { TestClient.RedirectUri }, token_endpoint_auth_method = "none" },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        var client = (string)(await registered.JsonAsync())["client_id"]!;
        using var browser = BrowserSteps.At(server);
        var callback = await browser.AllowAsync(
            QueryHelpers.AddQueryString(
                "/authorize",
                new Dictionary<string, string?>
                {
                    ["response_type"] = "code",
                    ["client_id"] = client,
                    ["redirect_uri"] = TestClient.RedirectUri,
                    ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
                    ["code_challenge_method"] = "S256",
                }
            ),
            userName
        );
        using var issued = await http.PostAsync(
            "/token",
            new FormUrlEncodedContent([
                new("grant_type", "authorization_code"),
                new("client_id", client),
                new("code", QueryHelpers.ParseQuery(callback.Query)["code"].ToString()),
                new("redirect_uri", TestClient.RedirectUri),
                new("code_verifier", verifier),
            ]),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.OK, issued.StatusCode);
        token = (string)(await issued.JsonAsync())["access_token"]!;
    }

    /// <summary>Calls the tool that asks the API behind the server.</summary>
    public async Task CallAsync()
    {
        using var request = McpRequests.Request(
            token,
            McpRequests.Message("tools/call", Message),
            ("MCP-Protocol-Version", "2026-07-28"),
            ("Mcp-Method", "tools/call"),
            ("Mcp-Name", "make_authenticated_request")
        );
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(
            "anything?message=hello",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    public void Dispose() => http.Dispose();
}
