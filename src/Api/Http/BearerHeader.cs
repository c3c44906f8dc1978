using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Http;

/// <summary>Reads <c>Authorization: Bearer</c> for all endpoints (RFC 6750 §2.1).</summary>
internal static class BearerHeader
{
    private const string Scheme = "Bearer ";

    /// <summary>
    /// The token of the header, whatever the case of the scheme; null for none or several. A token in query or body does not count
    /// (OAuth 2.1 §5.1).
    /// </summary>
    public static Secret? Of(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? Secret.OrNull(header[Scheme.Length..].Trim())
            : null;
}
