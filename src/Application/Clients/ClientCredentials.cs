using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>How a request presents its client (RFC 6749 §2.3.1).</summary>
/// <param name="Method">A value of <c>token_endpoint_auth_method</c>, read off the request.</param>
/// <param name="Malformed">Why the request presents no client at all: two methods at once, or an unreadable header.</param>
public sealed record ClientCredentials(string? ClientId, Secret? ClientSecret, string Method, OAuthError? Malformed = null);
