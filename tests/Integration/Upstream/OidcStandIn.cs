using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>
/// An OpenID Connect issuer: discovery, ID tokens signed by RS256, user info, revocation. As GitLab it has GitLab's paths
/// and <c>groups_direct</c>, as Gitea its own, and says less of itself.
/// </summary>
internal sealed class OidcStandIn : IAsyncDisposable
{
    public const string DiscoveryPath = "/.well-known/openid-configuration";
    private static readonly Lazy<RSA[]> Keys = new(() => [RSA.Create(2048), RSA.Create(2048)]); // slow to make, so shared

    private readonly string kind;
    private int key;

    private OidcStandIn(string kind) => this.kind = kind;

    public UpstreamStandIn Endpoints { get; private set; } = null!;
    public string TokenPath => kind == "gitlab" ? "/oauth/token" : "/login/oauth/access_token";
    public string UserInfoPath => kind == "gitlab" ? "/oauth/userinfo" : "/login/oauth/userinfo";
    public string KeysPath => kind == "gitlab" ? "/oauth/discovery/keys" : "/login/oauth/keys";
    private string AuthorizePath => kind == "gitlab" ? "/oauth/authorize" : "/login/oauth/authorize";

    /// <summary>How it spells itself, with a slash at the end or without.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>Members of the discovery document to set; a null one is left out.</summary>
    public (string Name, JsonNode? Value)[] Metadata { get; set; } = [];

    /// <summary>Makes the ID token of good header and claims; null for a good one.</summary>
    public Func<JsonObject, JsonObject, string>? IdToken { get; set; }

    /// <summary>How long ago its users showed it who they are (<c>auth_time</c>); null when it does not say.</summary>
    public TimeSpan? SignedInAgo { get; set; } = TimeSpan.Zero;

    /// <summary>Published beside its own key.</summary>
    public JsonArray OtherKeys { get; set; } = [];

    /// <summary>Members of the user info to set; a null one is left out.</summary>
    public (string Name, JsonNode? Value)[] UserInfo { get; set; } = [];

    /// <summary>Whose ID token comes with a renewal, and of which issuer; null for none.</summary>
    public (string Subject, string Issuer)? RenewsAs { get; set; }

    public byte[] PublicKey => Keys.Value[key].ExportSubjectPublicKeyInfo();

    /// <param name="path">Path of its issuer, behind which it has its discovery document.</param>
    public static async Task<OidcStandIn> StartAsync(string kind = "gitlab", string path = "")
    {
        var oidc = new OidcStandIn(kind);
        oidc.Endpoints = await UpstreamStandIn.StartAsync(standIn =>
            new()
            {
                [path.TrimEnd('/') + DiscoveryPath] = http =>
                    UpstreamStandIn.AnswerJsonAsync(http, ForgedToken.Changed(oidc.Discovery(), oidc.Metadata)),
                [oidc.AuthorizePath] = standIn.AuthorizeAsync,
                [oidc.TokenPath] = oidc.TokenAsync,
                [oidc.UserInfoPath] = oidc.UserInfoAsync,
                [oidc.KeysPath] = http =>
                    UpstreamStandIn.AnswerJsonAsync(
                        http,
                        new JsonObject { ["keys"] = new JsonArray([.. oidc.OtherKeys.Select(key => key?.DeepClone()), oidc.Jwk()]) }
                    ),
                ["/oauth/revoke"] = http => UpstreamStandIn.AnswerJsonAsync(http, new JsonObject()),
            }
        );
        oidc.Issuer = oidc.Endpoints.BaseUrl + path;
        oidc.Endpoints.TokenLifetime = TimeSpan.FromHours(2);
        return oidc;
    }

    /// <summary>Signs with another key from now on, and publishes that alone.</summary>
    public void RotateKeys() => key = 1 - key;

    public byte[] Sign(byte[] input) => Keys.Value[key].SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public static byte[] SignWithForeignKey(byte[] input)
    {
        using var foreign = RSA.Create(2048);
        return foreign.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    public ValueTask DisposeAsync() => Endpoints.DisposeAsync();

    private JsonObject Discovery()
    {
        var metadata = new JsonObject
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = Endpoints.BaseUrl + AuthorizePath,
            ["token_endpoint"] = Endpoints.BaseUrl + TokenPath,
            ["userinfo_endpoint"] = Endpoints.BaseUrl + UserInfoPath,
            ["jwks_uri"] = Endpoints.BaseUrl + KeysPath,
            ["response_types_supported"] = new JsonArray("code"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
            ["code_challenge_methods_supported"] = new JsonArray("plain", "S256"),
        };
        if (kind != "gitlab")
            return metadata;
        metadata["revocation_endpoint"] = Endpoints.BaseUrl + "/oauth/revoke";
        metadata["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post");
        return metadata;
    }

    private JsonObject Jwk()
    {
        var numbers = Keys.Value[key].ExportParameters(false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["alg"] = "RS256",
            ["kid"] = KeyId,
            ["n"] = Base64Url.EncodeToString(numbers.Modulus),
            ["e"] = Base64Url.EncodeToString(numbers.Exponent),
        };
    }

    private string KeyId => $"key-{key}";

    private async Task TokenAsync(HttpContext http)
    {
        var form = await UpstreamStandIn.FormAsync(http);
        if (!UpstreamStandIn.IsClient(http, form))
            await UpstreamStandIn.AnswerJsonAsync(http, new { error = "invalid_client" }, 401);
        else if ((form["grant_type"] == "refresh_token" ? Endpoints.Renew(form) : Endpoints.Redeem(form)) is { } issued)
            await UpstreamStandIn.AnswerJsonAsync(http, Tokens(issued));
        else
            await UpstreamStandIn.AnswerJsonAsync(
                http,
                new { error = "invalid_grant", error_description = "The provided authorization grant is invalid." },
                400
            );
    }

    private JsonObject Tokens(UpstreamStandIn.Issued issued)
    {
        var answer = new JsonObject
        {
            ["access_token"] = issued.AccessToken,
            ["token_type"] = "Bearer",
            ["scope"] = issued.Scope,
        };
        if (issued.ExpiresIn is { } expiresIn)
            (answer["expires_in"], answer["refresh_token"]) = (expiresIn, issued.RefreshToken);
        var now = Endpoints.Time.GetUtcNow().ToUnixTimeSeconds();
        if (issued.Nonce is null && RenewsAs is var (subject, renewer))
            answer["id_token"] = ForgedToken.Assemble(
                new JsonObject { ["alg"] = "RS256", ["kid"] = KeyId },
                new JsonObject
                {
                    ["iss"] = renewer,
                    ["sub"] = subject,
                    ["aud"] = UpstreamStandIn.ClientId,
                    ["iat"] = now,
                    ["exp"] = now + 120,
                },
                Sign
            );
        if (issued.Nonce is null)
            return answer;
        var claims = Claims(issued.Person);
        (claims["iss"], claims["aud"], claims["iat"], claims["exp"], claims["nonce"]) = (
            Issuer,
            UpstreamStandIn.ClientId,
            now,
            now + 120,
            issued.Nonce
        );
        if (SignedInAgo is { } ago)
            claims["auth_time"] = now - (long)ago.TotalSeconds;
        if (kind == "gitlab")
            claims["groups_direct"] = Groups(issued.Person);
        var header = new JsonObject
        {
            ["alg"] = "RS256",
            ["typ"] = "JWT",
            ["kid"] = KeyId,
        };
        answer["id_token"] = IdToken?.Invoke(header, claims) ?? ForgedToken.Assemble(header, claims, Sign);
        return answer;
    }

    private Task UserInfoAsync(HttpContext http)
    {
        if (
            http.Request.Headers.Authorization.ToString() is not ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token]
            || Endpoints.OwnerOf(token) is not { } person
        )
            return UpstreamStandIn.AnswerJsonAsync(http, new { error = "invalid_token" }, 401);
        var claims = Claims(person);
        claims["groups"] = Groups(person);
        return UpstreamStandIn.AnswerJsonAsync(http, ForgedToken.Changed(claims, UserInfo));
    }

    private static JsonObject Claims(Person person) =>
        new()
        {
            ["sub"] = person.Id.ToString(null, null),
            ["preferred_username"] = person.Login,
            ["email"] = person.Emails[0].Address,
            ["email_verified"] = person.Emails[0].IsVerified,
        };

    // Gitea and Forgejo write a team as org:team.
    private JsonArray Groups(Person person) =>
        [.. person.Groups.Select(group => JsonValue.Create(kind == "gitea" ? group.Replace('/', ':') : group))];
}
