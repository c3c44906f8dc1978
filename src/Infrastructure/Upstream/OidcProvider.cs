using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;
using OAuthMcp.Infrastructure.Remote;
using OAuthMcp.Infrastructure.Tokens;

namespace OAuthMcp.Infrastructure.Upstream;

/// <summary>Any issuer that speaks OpenID Connect, GitLab, Gitea and Forgejo among them (OpenID Connect Core 1.0, code flow).</summary>
internal sealed class OidcProvider(UpstreamProvider provider, RemoteIssuer issuer, RemoteHttp http, TimeProvider time) : IUpstreamProtocol
{
    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };

    public async Task<string> BeginAsync(UpstreamAuthorization authorization, CancellationToken ct)
    {
        var endpoint = issuer.Endpoint(await issuer.GetAsync(ct), "authorization_endpoint");
        return UpstreamRequests.AuthorizationUrl(
            endpoint,
            provider,
            authorization,
            [
                ("nonce", authorization.Nonce.Reveal()),
                .. authorization.SignInAgain ? [("prompt", "login"), ("max_age", "0")] : Array.Empty<(string, string)>(),
            ]
        );
    }

    public async Task<Result<UpstreamIdentity>> RedeemAsync(UpstreamCode code, CancellationToken ct)
    {
        var metadata = await issuer.GetAsync(ct);
        // RFC 9207 §2.4: an answer of another issuer, or an unmarked one of an issuer that marks its own, is a mix-up.
        if (
            code.Issuer is null
                ? metadata.Metadata.IsTrue("authorization_response_iss_parameter_supported")
                : code.Issuer != metadata.Issuer
        )
            return OAuthError.UpstreamFailed("the answer came from another issuer");

        var answer = await PostAsync(
            metadata,
            "token_endpoint",
            mayRepeat: false,
            [
                ("grant_type", "authorization_code"),
                ("code", code.Code.Reveal()),
                ("redirect_uri", code.RedirectUri),
                ("code_verifier", code.CodeVerifier.Reveal()),
            ],
            ct
        );
        if (answer.Error is { } error && UpstreamSignIn.NeedsUser(error, answer.Text("error_description")))
            return OAuthError.UpstreamSignInRequired($"the token endpoint answers {UpstreamSignIn.Printable(error)}");
        if (!UpstreamRequests.ReadTokens(answer).Try(out var tokens, out var refusal))
            return refusal;
        if (!(await ValidateAsync(answer.Text("id_token"), code.Nonce, metadata, ct)).Try(out var claims, out refusal))
            return refusal;

        var userInfo = metadata.Metadata.Text("userinfo_endpoint") is null
            ? default(JsonElement?)
            : await http.GetAsync(issuer.Endpoint(metadata, "userinfo_endpoint"), tokens.AccessToken, ct);
        // OpenID Connect Core §5.3.2: claims of another subject are not to be used.
        if (userInfo is { } info && info.Text("sub") != claims.Members.Text("sub"))
            return OAuthError.UpstreamFailed("the user info is another subject's");
        return new UpstreamIdentity(ReadUser(claims.Members, userInfo), tokens, claims.Members.Time("auth_time"));
    }

    public async Task<UpstreamRenewal> RenewAsync(UpstreamToken token, CancellationToken ct)
    {
        var metadata = await issuer.GetAsync(ct);
        var answer = await PostAsync(
            metadata,
            "token_endpoint",
            mayRepeat: true,
            [("grant_type", "refresh_token"), ("refresh_token", token.RefreshToken!.Reveal())],
            ct
        );
        return answer.Error is null && answer.Text("id_token") is { } idToken && !IsOf(idToken, token, metadata)
            ? new UpstreamRenewal.Refused("the renewed token is another subject's")
            : UpstreamRequests.ReadRenewal(answer);
    }

    // OpenID Connect Core §12.2. It came straight from the token endpoint, which stands for it as well as a signature (§3.1.3.7, 6).
    private static bool IsOf(string idToken, UpstreamToken token, RemoteIssuer.Snapshot metadata) =>
        ReadClaims(idToken) is { } claims && claims.Text("iss") == metadata.Issuer && claims.Text("sub") == token.Identity;

    public async Task<bool> RevokeAsync(UpstreamToken token, CancellationToken ct)
    {
        var metadata = await issuer.GetAsync(ct);
        if (metadata.Metadata.Text("revocation_endpoint") is null)
            return false;
        return (
            await PostAsync(
                metadata,
                "revocation_endpoint",
                mayRepeat: true,
                [("token", (token.RefreshToken ?? token.AccessToken).Reveal())],
                ct
            )
        ).Error
            is null;
    }

    private Task<FormAnswer> PostAsync(
        RemoteIssuer.Snapshot metadata,
        string endpoint,
        bool mayRepeat,
        (string Name, string Value)[] parameters,
        CancellationToken ct
    )
    {
        // RFC 8414 §2: what is not said is client_secret_basic.
        var methods = metadata.Metadata.Texts("token_endpoint_auth_methods_supported");
        var isBasic = provider.ClientSecret is not null && (methods.Count == 0 || methods.Contains("client_secret_basic"));
        return http.PostAsync(
            issuer.Endpoint(metadata, endpoint),
            UpstreamRequests.Form(provider, parameters, inForm: !isBasic),
            isBasic ? (provider.ClientId, provider.ClientSecret!) : null,
            mayRepeat,
            ct
        );
    }

    // OpenID Connect Core §3.1.3.7.
    private async Task<Result<Claims>> ValidateAsync(string? idToken, TokenHash nonce, RemoteIssuer.Snapshot metadata, CancellationToken ct)
    {
        if (idToken is null)
            return OAuthError.UpstreamFailed("the answer has no id_token");
        var validation = await ValidateAsync(idToken, metadata);
        // Signed with a key that is newer than what is known here, whatever its name: one more look at the key set.
        if (
            validation.Exception is SecurityTokenInvalidSignatureException
            && await issuer.RefreshAsync(metadata, ct) is var newer
            && newer != metadata
        )
            validation = await ValidateAsync(idToken, newer);
        if (!validation.IsValid)
            return OAuthError.UpstreamFailed($"the id_token is refused: {validation.Exception?.GetType().Name}");

        var jwt = (JsonWebToken)validation.SecurityToken;
        if (jwt.TryGetHeaderValue<object>("crit", out _))
            return OAuthError.UpstreamFailed("the id_token has a critical header"); // RFC 7515 §4.1.11: none is understood here
        if (ReadClaims(idToken) is not { } claims)
            return OAuthError.UpstreamFailed("the id_token is ambiguous");
        if (claims.Time("iat") is not { } issuedAt || issuedAt > time.GetUtcNow() + TokenRules.ClockSkew)
            return OAuthError.UpstreamFailed("the id_token has no iat, or one ahead");
        if (claims.Text("sub") is not { Length: <= 255 })
            return OAuthError.UpstreamFailed("the id_token has no sub");
        if ((claims.Member("azp") is not null || jwt.Audiences.Count() > 1) && claims.Text("azp") != provider.ClientId)
            return OAuthError.UpstreamFailed("the id_token was issued to another party");
        if (claims.Text("nonce") is not { } sent || !nonce.Matches(new Secret(sent)))
            return OAuthError.UpstreamFailed("the id_token has another nonce");
        return new Claims(claims);
    }

    private static JsonElement? ReadClaims(string jwt)
    {
        try
        {
            return jwt.Split('.') is [_, var payload, _] ? JsonMembers.Parse(Base64UrlEncoder.DecodeBytes(payload)) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private Task<TokenValidationResult> ValidateAsync(string idToken, RemoteIssuer.Snapshot metadata) =>
        handler.ValidateTokenAsync(
            idToken,
            new TokenValidationParameters
            {
                ValidIssuer = metadata.Issuer,
                ValidAudience = provider.ClientId,
                IgnoreTrailingSlashWhenValidatingAudience = false,
                ValidAlgorithms = TokenRules.Algorithms,
                IssuerSigningKeys = metadata.Keys,
                TryAllIssuerSigningKeys = true, // a kid may be left out where there is one key
                RequireSignedTokens = true,
                RequireExpirationTime = true,
                LifetimeValidator = (notBefore, expires, _, _) =>
                    expires + TokenRules.ClockSkew > time.GetUtcNow().UtcDateTime
                    && !(notBefore > (time.GetUtcNow() + TokenRules.ClockSkew).UtcDateTime),
            }
        );

    private UpstreamUser ReadUser(JsonElement claims, JsonElement? userInfo)
    {
        string? Text(string name) => claims.Text(name) ?? userInfo?.Text(name);
        // What one document verifies and the other denies is not verified.
        var emails = new[] { claims, userInfo }
            .OfType<JsonElement>()
            .Where(members => members.Text("email") is not null)
            .GroupBy(members => members.Text("email")!, StringComparer.OrdinalIgnoreCase)
            .Where(told =>
                told.Any(members => members.IsTrue("email_verified"))
                && told.All(members => members.Member("email_verified") is null || members.IsTrue("email_verified"))
            )
            .Select(told => told.Key);
        var groups = new[] { claims, userInfo }
            .OfType<JsonElement>()
            .SelectMany(members => members.Texts("groups").Concat(members.Texts("groups_direct")));
        if (provider.Kind.TeamSeparator is not '/' and var separator)
            groups = groups.Select(group => group.Replace(separator, '/'));
        var subject = Text("sub")!;
        return new UpstreamUser(
            subject,
            Text("preferred_username") ?? Text("nickname") ?? Text("email") ?? subject,
            [.. emails],
            [.. groups.Distinct()]
        );
    }

    private sealed record Claims(JsonElement Members);
}
