using System.Globalization;
using System.Text;
using System.Text.Json;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;
using OAuthMcp.Infrastructure.Remote;

namespace OAuthMcp.Infrastructure.Upstream;

/// <summary>The requests and answers that all providers have in common (RFC 6749 §4.1 and §6, RFC 7636 §4.3).</summary>
internal static class UpstreamRequests
{
    public static string AuthorizationUrl(
        string endpoint,
        UpstreamProvider provider,
        UpstreamAuthorization authorization,
        params IEnumerable<(string Name, string Value)> more
    )
    {
        var parameters = new[]
        {
            ("response_type", "code"),
            ("client_id", provider.ClientId),
            ("redirect_uri", authorization.RedirectUri),
            ("scope", string.Join(' ', provider.Scopes)),
            ("state", authorization.State.Reveal()),
            ("code_challenge", authorization.CodeChallenge.Value),
            ("code_challenge_method", "S256"),
        }
            .Concat(
                provider
                    .Parameters.Select(parameter => (parameter.Key, parameter.Value))
                    .ExceptBy(more.Select(own => own.Name), parameter => parameter.Key)
            )
            .Concat(more);
        var url = new StringBuilder(endpoint);
        foreach (var (name, value) in parameters)
            url.Append(url.Length == endpoint.Length && !endpoint.Contains('?') ? '?' : '&')
                .Append(name)
                .Append('=')
                .Append(Uri.EscapeDataString(value));
        return url.ToString();
    }

    /// <param name="inForm">Whether the client authenticates in the form; otherwise it does in the header.</param>
    public static IEnumerable<KeyValuePair<string, string>> Form(
        UpstreamProvider provider,
        IEnumerable<(string Name, string Value)> parameters,
        bool inForm
    )
    {
        foreach (var (name, value) in parameters)
            yield return KeyValuePair.Create(name, value);
        if (!inForm)
            yield break;
        yield return KeyValuePair.Create("client_id", provider.ClientId);
        if (provider.ClientSecret is { } secret)
            yield return KeyValuePair.Create("client_secret", secret.Reveal());
    }

    /// <summary>Reads a token response (RFC 6749 §5.1), or its error as <c>upstream_error</c>. Only a bearer token is of use.</summary>
    public static Result<UpstreamTokenSet> ReadTokens(FormAnswer answer)
    {
        if (answer.Error is { } error)
            return OAuthError.UpstreamFailed($"the token endpoint answers {UpstreamSignIn.Printable(error)}");
        // RFC 6749 §A.12: anything else would not fit into a header.
        if (
            answer.Text("access_token") is not { } accessToken
            || !accessToken.All(c => c is >= ' ' and <= '~')
            || !string.Equals(answer.Text("token_type"), "Bearer", StringComparison.OrdinalIgnoreCase)
        )
            return OAuthError.UpstreamFailed("the token endpoint answers without a bearer token");
        return new UpstreamTokenSet(
            new Secret(accessToken),
            Secret.OrNull(answer.Text("refresh_token")),
            Lifetime(answer.Members!.Value),
            Scope(answer.Members!.Value)
        );
    }

    public static UpstreamRenewal ReadRenewal(FormAnswer answer) =>
        answer.Error switch
        {
            "invalid_grant" or "bad_refresh_token" => new UpstreamRenewal.Refused("the refresh token is refused"),
            { } error => new UpstreamRenewal.Unavailable($"the token endpoint answers {UpstreamSignIn.Printable(error)}"),
            null => ReadTokens(answer).Try(out var tokens, out var refusal)
                ? new UpstreamRenewal.Renewed(tokens)
                : new UpstreamRenewal.Unavailable(refusal.Detail!),
        };

    // GitHub separates scopes with commas, and sends an empty text when none was granted, unlike a missing one.
    private static string[]? Scope(JsonElement members) =>
        members.Member("scope") is not { ValueKind: JsonValueKind.String }
            ? null
            : members.Texts("scope").SelectMany(texts => texts.Split(',', StringSplitOptions.RemoveEmptyEntries)).ToArray();

    // Seconds, which some send as a text or with a fraction. A value that makes no sense counts as missing.
    private static TimeSpan? Lifetime(JsonElement members) =>
        members.Member("expires_in") is { } lifetime
        && (
            lifetime.ValueKind == JsonValueKind.Number
                ? lifetime.TryGetDouble(out var seconds)
                : double.TryParse(members.Text("expires_in"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds)
        )
        && seconds is >= 1 and < 10L * 365 * 24 * 3600
            ? TimeSpan.FromSeconds((long)seconds)
            : null;
}
