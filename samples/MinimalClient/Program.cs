using System.Diagnostics;
using System.Net;
using System.Text;
using System.Web;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;

// The SDK's own client: it finds the authorization server, registers, and changes the code into tokens. What is left to a program is
// to open the browser and to wait for what it comes back with.
var server = new Uri(args is [var url, ..] ? url : "http://localhost:8080/mcp");
var oauth = new ClientOAuthOptions
{
    RedirectUri = new Uri("http://127.0.0.1:28463/callback"),
    DynamicClientRegistration = new() { ClientName = "Minimal client" },
    AuthorizationCallbackHandler = AskAsync,
};
await using var client = await McpClient.CreateAsync(
    new HttpClientTransport(new() { Endpoint = server, OAuth = oauth }),
    new() { DiscoverProbeTimeout = TimeSpan.FromMinutes(5) } // the first request waits for the person
);
foreach (var tool in await client.ListToolsAsync())
    Console.WriteLine($"{tool.Name}: {tool.Description}");

static async Task<AuthorizationResult?> AskAsync(AuthorizationCallbackContext context, CancellationToken ct)
{
    using var listener = new HttpListener { Prefixes = { "http://127.0.0.1:28463/" } };
    listener.Start();
    Console.Error.WriteLine($"Sign in here, in a browser:\n{context.AuthorizationUri.AbsoluteUri}");
    if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
        Process.Start(new ProcessStartInfo(context.AuthorizationUri.AbsoluteUri) { UseShellExecute = true })?.Dispose();
    var visit = await listener.GetContextAsync().WaitAsync(ct);
    var answer = HttpUtility.ParseQueryString(visit.Request.Url!.Query);
    visit.Response.ContentType = "text/plain";
    visit.Response.Close(Encoding.UTF8.GetBytes("You can close this page; the rest is in the terminal."), willBlock: false);
    return new()
    {
        Code = answer["code"],
        State = answer["state"],
        Iss = answer["iss"],
    };
}
