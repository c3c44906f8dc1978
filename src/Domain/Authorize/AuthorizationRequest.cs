using System.Text;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Authorize;

/// <summary>
/// An authorization request from /authorize until the user's answer (RFC 6749 §4.1.1). Everything after the first
/// page works on this record alone, never on what a form carries. It belongs to one browser and is answered once.
/// </summary>
public sealed record AuthorizationRequest
{
    /// <summary>How long a user may take to sign in and decide.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static readonly OAuthError AlreadyAnswered = OAuthError.InvalidRequest("This request was already answered.");

    public required string Id { get; init; }
    public required string ClientId { get; init; }
    public required string RedirectUri { get; init; }

    /// <summary>The client's <c>state</c>, form-urlencoded as it goes back.</summary>
    public string? State { get; init; }

    public required ScopeSet Scope { get; init; }

    /// <summary>Those that the user may leave out. <c>mcp.read</c> is none of them: without it the endpoint answers nothing.</summary>
    public ScopeSet OptionalScope => ScopeSet.Of(Scope.Where(scope => scope != ScopeSet.Read));

    /// <summary>Whether the user has no choice about <c>mcp.read</c>: it was asked for, if only by asking for more.</summary>
    public bool NeedsRead => Scope.Covers(ScopeSet.Of(ScopeSet.Read));

    public required string Resource { get; init; }
    public required PkceChallenge CodeChallenge { get; init; }

    /// <summary>Hash of the cookie of the browser that began it.</summary>
    public required TokenHash Browser { get; init; }

    /// <summary>Whether the client asked that a signed-in user signs in again (<c>prompt=login</c>).</summary>
    public bool RequiresFreshSignIn { get; init; }

    /// <summary>The upstream provider that the user signs in at; null for a local account, or before one was chosen.</summary>
    public string? Provider { get; init; }

    /// <summary>What the user allowed before the way to the provider; null until then.</summary>
    public ScopeSet? ApprovedScope { get; init; }

    /// <summary>
    /// Whether the user is asked whatever was allowed before: the client wants it (<c>prompt=consent</c>), or another site
    /// sent the browser here, so that the user may not know of it.
    /// </summary>
    public bool RequiresConsent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }

    public bool IsExpired(DateTimeOffset now) => now >= CreatedAt + Lifetime;

    /// <summary>What has to happen before the client gets its answer.</summary>
    /// <param name="subject">Who is signed in, or null.</param>
    /// <param name="signedInAt">When that was; null counts as too long ago.</param>
    public AuthorizeStep NextStep(string? subject, DateTimeOffset? signedInAt) =>
        this switch
        {
            _ when IsSignedIn(subject, signedInAt) => new AuthorizeStep.Consent(Id),
            { Provider: null } => new AuthorizeStep.SignIn(Id),
            // The user decides about this client before anybody is sent to a provider, who knows this server alone and would let every
            // client through (MCP security best practices, "Confused Deputy Problem").
            { ApprovedScope: null } => new AuthorizeStep.Consent(Id),
            _ => new AuthorizeStep.Upstream(Id),
        };

    public bool IsSignedIn(string? subject, DateTimeOffset? signedInAt) =>
        subject is not null && (!RequiresFreshSignIn || signedInAt >= CreatedAt);

    /// <summary>What is left of the scope when the user ticked only these; never more than was asked for.</summary>
    public Result<ScopeSet> Narrow(IReadOnlyCollection<string> ticked)
    {
        if (ticked.Except(Scope).Any())
            return OAuthError.InvalidRequest("The form is malformed.") with { Detail = "ticked a scope that was not asked for" };
        var left = ScopeSet.Of(Scope.Where(scope => ticked.Contains(scope) || scope == ScopeSet.Read));
        var read = ScopeSet.Of(ScopeSet.Read);
        return NeedsRead && !left.Covers(read) ? read.Union(left) : left;
    }

    /// <summary>The redirect back: the parameters, then <c>state</c> and exactly one <c>iss</c> (RFC 9207 §2).</summary>
    public static string Response(
        string redirectUri,
        string? state,
        string issuer,
        params IEnumerable<(string Name, string Value)> parameters
    )
    {
        var response = new StringBuilder(redirectUri);
        var separator = redirectUri.Contains('?') ? '&' : '?';
        foreach (var (name, value) in parameters)
        {
            response.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        if (state is not null)
            response.Append("&state=").Append(state);
        return response.Append("&iss=").Append(Uri.EscapeDataString(issuer)).ToString();
    }

    public static string ErrorResponse(string redirectUri, string? state, string issuer, OAuthError error) =>
        Response(redirectUri, state, issuer, ("error", error.Code), ("error_description", error.Description));

    /// <summary>
    /// Whether a browser may be sent on to the client before anybody has signed in: only to those an operator
    /// vouches for, or to the user's own machine. Otherwise this server would redirect to whoever registers
    /// (RFC 9700 §4.11.2).
    /// </summary>
    public static bool IsTrustedTarget(Client client, string redirectUri) =>
        client.IsPreRegistered || Protocol.RedirectUri.IsLoopback(redirectUri);
}
