using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>How a request presents its client (RFC 6749 §2.3.1, RFC 7523 §2.2).</summary>
/// <param name="ClientId">Null when only the assertion names it.</param>
/// <param name="Method">A value of <c>token_endpoint_auth_method</c>, read off the request.</param>
/// <param name="Assertion">The signed JWT of <c>private_key_jwt</c>.</param>
/// <param name="Malformed">Why the request presents no client at all: two methods at once, or an unreadable header.</param>
internal sealed record ClientCredentials(
    string? ClientId,
    Secret? ClientSecret,
    string Method,
    Secret? Assertion = null,
    OAuthError? Malformed = null
);
