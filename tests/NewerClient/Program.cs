using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;

// The official C# client in a newer release than the server's own: dotnet OAuthMcp.NewerClient.dll <endpoint> <revision> [<client_id
// metadata document>]
// It speaks with its test as tests/Integration/Clients/Drivers/steps.mjs does: a step is a line "name {json}", a wish is a word.
var (endpoint, revision, document) = (new Uri(args[0]), args[1], args.ElementAtOrDefault(2));
var redirectUri = new Uri($"http://127.0.0.1:{FreePort()}/callback");

await using var client = await McpClient.CreateAsync(
    new HttpClientTransport(
        new HttpClientTransportOptions
        {
            Endpoint = endpoint,
            OAuth = new ClientOAuthOptions
            {
                RedirectUri = redirectUri,
                ClientMetadataDocumentUri = document is null ? null : new Uri(document),
                DynamicClientRegistration = new DynamicClientRegistrationOptions { ClientName = "Newer official client" },
                TokenCache = new SayingCache(),
                AuthorizationCallbackHandler = AskAsync,
            },
        }
    ),
    new McpClientOptions { ProtocolVersion = revision }
);
Steps.Say("connected", client.NegotiatedProtocolVersion);

while (Console.ReadLine() is { } wish)
    if (wish == "list")
        Steps.Say("tools", (await client.ListToolsAsync()).Select(tool => tool.Name));
    else
        Steps.Say(
            "called",
            new
            {
                structuredContent = (
                    await client.CallToolAsync(
                        wish,
                        wish == "make_authenticated_request" ? new Dictionary<string, object?> { ["message"] = "hello" } : null
                    )
                ).StructuredContent,
            }
        );

async Task<AuthorizationResult?> AskAsync(AuthorizationCallbackContext context, CancellationToken ct)
{
    using var listener = new HttpListener();
    listener.Prefixes.Add(redirectUri.GetLeftPart(UriPartial.Authority) + "/");
    listener.Start();
    Steps.Say("authorize", context.AuthorizationUri.AbsoluteUri);
    var answer = await listener.GetContextAsync().WaitAsync(ct);
    answer.Response.Close();
    var query = answer.Request.QueryString;
    return new AuthorizationResult
    {
        Code = query["code"],
        State = query["state"],
        Iss = query["iss"],
    };
}

static int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}

internal static class Steps
{
    public static void Say(string step, object? value) =>
        Console.WriteLine($"{step} {JsonSerializer.Serialize(value, JsonSerializerOptions.Web)}");
}

internal sealed class SayingCache : ITokenCache
{
    private TokenContainer? kept;

    public ValueTask StoreTokensAsync(TokenContainer tokens, CancellationToken cancellationToken)
    {
        kept = tokens;
        Steps.Say(
            "client",
            new
            {
                client_id = tokens.ClientId,
                client_secret = tokens.ClientSecret,
                token_endpoint_auth_method = tokens.TokenEndpointAuthMethod,
            }
        );
        Steps.Say("tokens", new { access_token = tokens.AccessToken, refresh_token = tokens.RefreshToken });
        return default;
    }

    public ValueTask<TokenContainer?> GetTokensAsync(CancellationToken cancellationToken) => new(kept);
}
