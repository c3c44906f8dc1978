using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Http;

/// <summary>The one reader of <c>Authorization: Bearer</c> (RFC 6750 §2.1).</summary>
internal static class BearerHeader
{
    private const string Scheme = "Bearer ";

    /// <summary>
    /// The token of the header, whatever the case of the scheme; null where there is none or more than one. A token in
    /// the query or the body counts as none (OAuth 2.1 §5.1).
    /// </summary>
    public static Secret? Of(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? Secret.OrNull(header[Scheme.Length..].Trim())
            : null;
}
