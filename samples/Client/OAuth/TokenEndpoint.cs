using System.Net.Http.Headers;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OAuthMcp.Client.OAuth;

/// <summary>What an authorization server gave.</summary>
/// <param name="Scope">What was granted, which may be less than was asked for (RFC 6749 §3.3); null when nobody said.</param>
internal sealed record Tokens(string AccessToken, string? RefreshToken, DateTimeOffset? ExpiresAt, string? Scope);

/// <summary>The two endpoints at which a client authenticates: token (RFC 6749 §3.2) and revocation (RFC 7009).</summary>
internal sealed class TokenEndpoint(HttpClient http, ServerMetadata server, ClientIdentity client, ClientOptions options)
{
    private sealed record Answer(string? AccessToken, string? TokenType, int? ExpiresIn, string? RefreshToken, string? Scope);

    /// <summary>RFC 6749 §4.1.3, RFC 7636 §4.5.</summary>
    public Task<Tokens> ExchangeAsync(AuthorizationRequest request, string code, string resource, string? scope, CancellationToken ct) =>
        RequestAsync(
            new()
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["redirect_uri"] = request.RedirectUri,
                ["code_verifier"] = request.Verifier,
                ["resource"] = resource,
            },
            scope,
            null,
            ct
        );

    /// <summary>RFC 6749 §6. The old refresh token stays when no new one comes.</summary>
    public Task<Tokens> RefreshAsync(Tokens tokens, string resource, CancellationToken ct) =>
        RequestAsync(
            new()
            {
                ["grant_type"] = "refresh_token",
                ["refresh_token"] = tokens.RefreshToken!,
                ["resource"] = resource,
            },
            tokens.Scope,
            tokens.RefreshToken,
            ct
        );

    /// <summary>RFC 6749 §4.4: a machine in its own name.</summary>
    public Task<Tokens> RequestForClientAsync(string resource, string? scope, CancellationToken ct)
    {
        Dictionary<string, string> form = new() { ["grant_type"] = "client_credentials", ["resource"] = resource };
        if (scope is not null)
            form["scope"] = scope;
        return RequestAsync(form, scope, null, ct);
    }

    /// <summary>RFC 7009 §2.1.</summary>
    public async Task RevokeAsync(string token, string hint, CancellationToken ct)
    {
        using var request = Authenticated(
            server.RevocationEndpoint,
            "revocation_endpoint",
            new() { ["token"] = token, ["token_type_hint"] = hint }
        );
        using var response = await http.SendAsync(request, ct);
        if (!response.IsSuccessStatusCode)
            throw await OAuthHttp.RefusalAsync(response, ct);
    }

    private async Task<Tokens> RequestAsync(Dictionary<string, string> form, string? scope, string? refreshToken, CancellationToken ct)
    {
        using var request = Authenticated(server.TokenEndpoint, "token_endpoint", form);
        var answer = await http.RequestAsync<Answer>(request, ct);
        if (answer.AccessToken is not { Length: > 0 } token)
            throw new OAuthException($"{server.TokenEndpoint} answered without an access_token.");
        if (!"Bearer".Equals(answer.TokenType, StringComparison.OrdinalIgnoreCase))
            throw new OAuthException($"{server.TokenEndpoint} gave a token of another type than Bearer."); // RFC 6749 §7.1
        DateTimeOffset? expiresAt = answer.ExpiresIn is { } seconds ? DateTimeOffset.UtcNow.AddSeconds(seconds) : null;
        return new Tokens(token, answer.RefreshToken ?? refreshToken, expiresAt, answer.Scope ?? scope);
    }

    /// <summary>RFC 6749 §2.3.1, RFC 7523 §2.2.</summary>
    private HttpRequestMessage Authenticated(string? endpoint, string name, Dictionary<string, string> form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, RemoteUrl.Check(endpoint, name, options.Server));
        if (client.AuthMethod == "client_secret_basic")
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(
                    Encoding.ASCII.GetBytes($"{Uri.EscapeDataString(client.ClientId)}:{Uri.EscapeDataString(client.ClientSecret ?? "")}")
                )
            );
        else
            form["client_id"] = client.ClientId;
        if (client.AuthMethod == "client_secret_post")
            form["client_secret"] = client.ClientSecret ?? "";
        if (client.AuthMethod == "private_key_jwt")
        {
            form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
            form["client_assertion"] = Assertion();
        }

        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    // RFC 7523 §3. For the issuer and nobody else, so that no other server can use it there.
    private string Assertion() =>
        new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = client.ClientId,
                Audience = server.Issuer,
                Claims = new Dictionary<string, object>
                {
                    [JwtRegisteredClaimNames.Sub] = client.ClientId,
                    [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
                },
                IssuedAt = DateTime.UtcNow,
                Expires = DateTime.UtcNow.AddMinutes(1),
                SigningCredentials = options.PrivateKey
                    ?? throw new OAuthException($"{client.ClientId} signs in with a key: give it by --private-key."),
            }
        );
}
