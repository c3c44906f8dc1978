using System.Text.Json;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;
using OAuthMcp.Infrastructure.Remote;

namespace OAuthMcp.Infrastructure.Upstream;

/// <summary>Any issuer that speaks OpenID Connect, GitLab, Gitea and Forgejo among them (OpenID Connect Core 1.0, code flow).</summary>
internal sealed class OidcProvider(UpstreamProvider provider, RemoteIssuer issuer, RemoteHttp http, TimeProvider time) : IUpstreamProtocol
{
    private readonly IdTokens idTokens = new(provider, issuer, time);

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
        // RFC 9207 §2.4: the answer must name this issuer, and may name none only if the issuer never does.
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
        if (!(await idTokens.ValidateAsync(answer.Text("id_token"), code.Nonce, metadata, ct)).Try(out var idToken, out refusal))
            return refusal;
        var claims = idToken.Members;

        var userInfo = metadata.Metadata.Text("userinfo_endpoint") is null
            ? default(JsonElement?)
            : await http.GetAsync(issuer.Endpoint(metadata, "userinfo_endpoint"), tokens.AccessToken, ct);
        // OpenID Connect Core §5.3.2: claims of another subject must not be used.
        if (userInfo is { } info && info.Text("sub") != claims.Text("sub"))
            return OAuthError.UpstreamFailed("the user info is another subject's");
        return new UpstreamIdentity(ReadUser(claims, userInfo), tokens, claims.Time("auth_time"));
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
        return answer.Error is null && answer.Text("id_token") is { } idToken && !IdTokens.IsOf(idToken, token, metadata)
            ? new UpstreamRenewal.Refused("the renewed token is another subject's")
            : UpstreamRequests.ReadRenewal(answer);
    }

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
        // RFC 8414 §2: client_secret_basic is the default.
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

    private UpstreamUser ReadUser(JsonElement claims, JsonElement? userInfo)
    {
        string? Text(string name) => claims.Text(name) ?? userInfo?.Text(name);
        // An address counts as verified if one of both documents says so and none denies it.
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
}
