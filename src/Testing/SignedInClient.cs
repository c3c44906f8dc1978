using System.Web;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;

namespace OAuthMcp.Testing;

/// <summary>The official client, which is given an address and a browser and finds the rest.</summary>
internal static class SignedInClient
{
    // Nobody listens there: the browser stops where it is sent to the client.
    private static readonly Uri Redirect = new("http://localhost:1179/callback");

    // The first request waits for the sign-in. After a long wait the client would take the server for an older one.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <exception cref="InvalidOperationException">The token does not cover the scope: no tool of the server asks for it.</exception>
    public static async Task<McpClient> ConnectAsync(Uri endpoint, User user, string scope, McpClientOptions options, KeptTokens tokens)
    {
        options.DiscoverProbeTimeout = Patience;
        var wanted = scope.Split(' ');
        var oauth = new ClientOAuthOptions
        {
            RedirectUri = Redirect,
            DynamicClientRegistration = new DynamicClientRegistrationOptions { ClientName = "Test" },
            ScopeSelector = _ => wanted,
            TokenCache = tokens,
            AuthorizationCallbackHandler = (context, ct) => AllowAsync(endpoint, user, context.AuthorizationUri, ct),
        };
        var client = await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions { Endpoint = endpoint, OAuth = oauth }),
            options
        );
        var granted = tokens.Current?.Scope ?? "";
        if (!wanted.Except(granted.Split(' ')).Any())
            return client;
        await client.DisposeAsync();
        throw new InvalidOperationException($"The client asked for {scope}, and got a token for {granted}: no tool asks for the rest.");
    }

    private static async Task<AuthorizationResult?> AllowAsync(Uri server, User user, Uri authorization, CancellationToken ct)
    {
        using var browser = new TestBrowser(server, [], ct);
        var answer = HttpUtility.ParseQueryString((await browser.AllowAsync(authorization.AbsoluteUri, user.Name, user.Password)).Query);
        return new AuthorizationResult
        {
            Code = answer["code"],
            State = answer["state"],
            Iss = answer["iss"],
        };
    }
}
