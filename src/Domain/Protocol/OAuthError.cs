namespace OAuthMcp.Domain.Protocol;

/// <summary>
/// A refusal in the words of the RFCs: a registered <see cref="Code"/>, a public <see cref="Description"/> that is fixed for the
/// code, and a <see cref="Detail"/> for the log alone. The description may name the field at fault or the check that failed, and
/// a value of a token only once its signature is proven: whoever holds a genuine token may know what it says.
/// </summary>
/// <remarks>RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7591 §3.2.2, RFC 8707 §2, OpenID Connect Core §3.1.2.6.</remarks>
internal sealed record OAuthError(string Code, string Description)
{
    /// <summary>Why exactly, in words for the operator. Holds no secret and no token.</summary>
    public string? Detail { get; init; }

    /// <summary>When a repetition makes sense, for <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The client that had proven who it is before this was refused; for log and audit alone.</summary>
    public string? ClientId { get; init; }

    /// <summary>Whose account it concerns, where that is proven; for log and audit alone.</summary>
    public string? Subject { get; init; }

    public static OAuthError InvalidRequest(string description) => new("invalid_request", description);

    public static OAuthError InvalidClient(string detail) => new("invalid_client", "Client authentication failed.") { Detail = detail };

    public static OAuthError InvalidGrant(string detail) =>
        new("invalid_grant", "The grant is invalid, expired, revoked or was issued to another client.") { Detail = detail };

    public static OAuthError UnauthorizedClient(string detail) =>
        new("unauthorized_client", "The client is not registered for this grant type.") { Detail = detail };

    public static OAuthError UnsupportedGrantType() => new("unsupported_grant_type", "This grant type is not supported.");

    public static OAuthError UnsupportedResponseType() => new("unsupported_response_type", "Only response_type=code is supported.");

    public static OAuthError RequestNotSupported() => new("request_not_supported", "The request parameter is not supported.");

    public static OAuthError RequestUriNotSupported() => new("request_uri_not_supported", "The request_uri parameter is not supported.");

    public static OAuthError InvalidScope(string detail) =>
        new("invalid_scope", "The requested scope is malformed, unknown or exceeds what was granted.") { Detail = detail };

    public static OAuthError InvalidTarget(string detail) =>
        new("invalid_target", "The resource is not one this server issues tokens for.") { Detail = detail };

    public static OAuthError AccessDenied() => new("access_denied", "The user did not allow access.");

    public static OAuthError LoginRequired() => new("login_required", "The user has to sign in.");

    public static OAuthError ConsentRequired() => new("consent_required", "The user has to allow access.");

    public static OAuthError InvalidRedirectUri(string description) => new("invalid_redirect_uri", description);

    public static OAuthError InvalidClientMetadata(string description) => new("invalid_client_metadata", description);

    public static OAuthError InvalidSoftwareStatement() => new("invalid_software_statement", "software_statement cannot be verified here.");

    public static OAuthError TooManyRequests(TimeSpan retryAfter) =>
        new("too_many_requests", "Too many requests. Try again later.") { RetryAfter = retryAfter };

    public static OAuthError InvalidToken(string description) => new("invalid_token", description);

    public static OAuthError UpstreamFailed(string detail) =>
        new("upstream_error", "The sign-in service did not answer as it should. Nothing was changed; try again in a moment.")
        {
            Detail = detail,
        };

    /// <summary>The provider wants its user to be present (OpenID Connect Core §3.1.2.6).</summary>
    public static OAuthError UpstreamSignInRequired(string detail) =>
        new("interaction_required", "The sign-in service wants you to sign in there once more.") { Detail = detail };

    public static OAuthError ServerError() => new("server_error", "The server met an unexpected condition.");

    public static OAuthError TemporarilyUnavailable() =>
        new("temporarily_unavailable", "The server cannot answer right now.") { RetryAfter = TimeSpan.FromSeconds(2) };
}
