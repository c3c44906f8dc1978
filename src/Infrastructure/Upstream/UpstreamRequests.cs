using System.Text;
using System.Text.Json;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Infrastructure.Upstream;

/// <summary>What every provider is sent and answers alike (RFC 6749 §4.1 and §6, RFC 7636 §4.3).</summary>
internal static class UpstreamRequests
{
    public static string AuthorizationUrl(string endpoint, UpstreamProvider provider, UpstreamAuthorization authorization, params IEnumerable<(string Name, string Value)> more)
    {
        var parameters = new[]
        {
            ("response_type", "code"), ("client_id", provider.ClientId), ("redirect_uri", authorization.RedirectUri), ("scope", string.Join(' ', provider.Scopes)),
            ("state", authorization.State.Reveal()), ("code_challenge", authorization.CodeChallenge.Value), ("code_challenge_method", "S256"),
        }.Concat(provider.Parameters.Select(parameter => (parameter.Key, parameter.Value)).ExceptBy(more.Select(own => own.Name), parameter => parameter.Key)).Concat(more);
        var url = new StringBuilder(endpoint);
        foreach (var (name, value) in parameters) url.Append(url.Length == endpoint.Length && !endpoint.Contains('?') ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return url.ToString();
    }

    /// <param name="inForm">Whether the client authenticates in the form; otherwise it does in the header.</param>
    public static IEnumerable<KeyValuePair<string, string>> Form(UpstreamProvider provider, IEnumerable<(string Name, string Value)> parameters, bool inForm)
    {
        foreach (var (name, value) in parameters) yield return KeyValuePair.Create(name, value);
        if (!inForm) yield break;
        yield return KeyValuePair.Create("client_id", provider.ClientId);
        if (provider.ClientSecret is { } secret) yield return KeyValuePair.Create("client_secret", secret.Reveal());
    }

    /// <summary>RFC 6749 §5.1, and §5.2 as <c>upstream_error</c>. Only a bearer token is of use.</summary>
    public static Result<UpstreamTokenSet> ReadTokens(FormAnswer answer)
    {
        if (answer.Error is { } error) return OAuthError.UpstreamFailed($"the token endpoint answers {Printable(error)}");
        if (answer.Text("access_token") is not { } accessToken || !string.Equals(answer.Text("token_type"), "Bearer", StringComparison.OrdinalIgnoreCase)) return OAuthError.UpstreamFailed("the token endpoint answers without a bearer token");
        return new UpstreamTokenSet(new Secret(accessToken), Secret.OrNull(answer.Text("refresh_token")), Lifetime(answer.Members!.Value),
            Scope(answer.Members!.Value));
    }

    public static UpstreamRenewal ReadRenewal(FormAnswer answer) => answer.Error switch
    {
        "invalid_grant" or "bad_refresh_token" => new UpstreamRenewal.Refused("the refresh token is refused"),
        { } error => new UpstreamRenewal.Unavailable($"the token endpoint answers {Printable(error)}"),
        null => ReadTokens(answer).Try(out var tokens, out var refusal) ? new UpstreamRenewal.Renewed(tokens) : new UpstreamRenewal.Unavailable(refusal.Detail!),
    };

    // GitHub separates with commas, and says "" where nothing was granted, which is not the same as not saying.
    private static string[]? Scope(JsonElement members) => members.TryGetProperty("scope", out var scope) && scope.ValueKind == JsonValueKind.String
        ? scope.GetString()!.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)
        : null;

    // Seconds, which some send as a text. What makes no sense counts as not sent.
    private static TimeSpan? Lifetime(JsonElement members) => members.TryGetProperty("expires_in", out var lifetime)
        && (lifetime.ValueKind == JsonValueKind.Number ? lifetime.TryGetInt64(out var seconds) : long.TryParse(members.Text("expires_in"), null, out seconds))
        && seconds is > 0 and < 10L * 365 * 24 * 3600 ? TimeSpan.FromSeconds(seconds) : null;

    // An error code of somebody else's goes to the log: as short and plain as registered ones are.
    private static string Printable(string error) => error.Length <= 60 && error.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? error : "an error";
}
