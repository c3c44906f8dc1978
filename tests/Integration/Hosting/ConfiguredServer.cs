using System.Net;

namespace OAuthMcp.Integration.Hosting;

/// <summary>A server with the clients that an operator writes down: two machines, one of them signing, and two applications.</summary>
public sealed class ConfiguredServer : IAsyncLifetime
{
    public const string Secret = "a-secret-of-an-operator-which-is-long-enough";
    public const string WebRedirectUri = "https://app.example/callback";
    private readonly ClientKey key = new();

    internal TestServer Server { get; private set; } = null!;
    internal ClientKey Key => key;

    public async ValueTask InitializeAsync() => Server = await TestServer.StartAsync([.. Keys(key)]);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        key.Dispose();
    }

    /// <summary>
    /// reporter (secret, mcp.read), signer (key, both scopes), desktop (public) and portal (secret, redirects to the web).
    /// </summary>
    internal static IEnumerable<(string Key, string Value)> Keys(ClientKey signer) =>
        [
            ("OAuth:Clients:0:ClientId", "reporter"),
            ("OAuth:Clients:0:ClientSecret", Secret),
            ("OAuth:Clients:0:Scopes", "mcp.read"),
            ("OAuth:Clients:1:ClientId", "signer"),
            ("OAuth:Clients:1:Jwks", signer.Jwks.ToJsonString()),
            ("OAuth:Clients:1:Scopes", "mcp.read mcp.write"),
            ("OAuth:Clients:2:ClientId", "desktop"),
            ("OAuth:Clients:2:RedirectUris:0", TestClient.RedirectUri),
            ("OAuth:Clients:2:ClientName", "The desktop"),
            ("OAuth:Clients:3:ClientId", "portal"),
            ("OAuth:Clients:3:ClientSecret", Secret),
            ("OAuth:Clients:3:RedirectUris:0", WebRedirectUri),
            ("OAuth:Clients:3:TokenEndpointAuthMethod", "client_secret_post"),
        ];

    internal TestClient Reporter() => new(Server, "reporter", Secret, "client_secret_basic");

    internal TestClient Signer() => new(Server, "signer", null, "private_key_jwt");

    internal TestClient Desktop() => new(Server, "desktop", null, "none");

    internal TestClient Portal() => new(Server, "portal", Secret, "client_secret_post");
}

internal static class Machines
{
    public static Task<HttpResponseMessage> AskAsMachineAsync(this TestClient client, params (string Name, string? Value)[] parameters) =>
        client.PostAsync(
            "/token",
            new(
                parameters
                    .Where(parameter => parameter.Value is not null)
                    .Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value))
            )
            {
                ["grant_type"] = "client_credentials",
            }
        );

    public static async Task<string> MachineTokenAsync(this TestClient client, params (string Name, string? Value)[] parameters)
    {
        using var response = await client.AskAsMachineAsync(parameters);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (string)(await response.JsonAsync())["access_token"]!;
    }

    public static Task<HttpResponseMessage> IntrospectAsync(
        this TestClient client,
        string token,
        params (string Name, string? Value)[] parameters
    ) =>
        client.PostAsync(
            "/introspect",
            new(parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value))) { ["token"] = token }
        );
}
