using System.Net.Http.Json;

namespace OAuthMcp.Client.OAuth;

/// <summary>Who this program is to one authorization server, and how it proves that at the token endpoint.</summary>
/// <param name="AuthMethod"><c>token_endpoint_auth_method</c> of RFC 7591 §2.</param>
/// <param name="RedirectUri">The one it registered; null when it did not register itself.</param>
/// <param name="IsGiven">Whether the person at the command line said so.</param>
internal sealed record ClientIdentity(
    string ClientId,
    string? ClientSecret,
    string AuthMethod,
    string? RedirectUri = null,
    bool IsGiven = false
);

/// <summary>Becomes a client of an authorization server, in the order that MCP wants: given, described, registered.</summary>
internal sealed class Registration(ClientOptions options, HttpClient http)
{
    private static readonly string[] Methods = ["none", "client_secret_basic", "client_secret_post"];

    private sealed record Request(
        string ClientName,
        string[] RedirectUris,
        string[] GrantTypes,
        string[] ResponseTypes,
        string TokenEndpointAuthMethod,
        string ApplicationType
    );

    private sealed record Answer(string? ClientId, string? ClientSecret, string? TokenEndpointAuthMethod);

    /// <summary>The client on the command line.</summary>
    public ClientIdentity? Given(ServerMetadata server) =>
        options.ClientId is { } id ? new ClientIdentity(id, options.ClientSecret, MethodOf(server), IsGiven: true) : null;

    /// <summary>The client that a document describes, where the server reads such documents.</summary>
    public ClientIdentity? Described(ServerMetadata server) =>
        options.ClientMetadataUrl is { } url && server.ClientIdMetadataDocumentSupported
            ? new ClientIdentity(url, null, options.PrivateKey is null ? "none" : "private_key_jwt")
            : null;

    /// <summary>RFC 7591 §3. As a native application (RFC 8252 §8.4), without a secret where the server lets it.</summary>
    public async Task<ClientIdentity> RegisterAsync(ServerMetadata server, string redirectUri, CancellationToken ct)
    {
        if (server.RegistrationEndpoint is null)
            throw new OAuthException(
                $"{server.Issuer} registers no clients. "
                    + "Register this one there, then give its --client_id and, if it has one, --client_secret."
            );
        var method = Methods.FirstOrDefault(server.TokenEndpointAuthMethodsSupported.Contains)
            ?? throw new OAuthException($"{server.Issuer} takes none of the ways in which this program can authenticate.");
        var metadata = new Request(
            "OAuthMcp sample client",
            [redirectUri],
            ["authorization_code", "refresh_token"],
            ["code"],
            method,
            "native"
        );
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            RemoteUrl.Check(server.RegistrationEndpoint, "registration_endpoint", options.Server)
        )
        {
            Content = JsonContent.Create(metadata, options: OAuthHttp.Json),
        };
        var registered = await http.RequestAsync<Answer>(request, ct);
        if (registered.ClientId is not { Length: > 0 } id)
            throw new OAuthException($"{server.RegistrationEndpoint} answered without a client_id.");
        return new ClientIdentity(id, registered.ClientSecret, registered.TokenEndpointAuthMethod ?? method, redirectUri);
    }

    private string MethodOf(ServerMetadata server) =>
        options.PrivateKey is not null ? "private_key_jwt"
        : options.ClientSecret is null ? "none"
        : server.TokenEndpointAuthMethodsSupported.Contains("client_secret_basic") ? "client_secret_basic"
        : "client_secret_post";
}
