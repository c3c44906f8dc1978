using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Authorize;

/// <summary>
/// An authorization request from /authorize until the user's answer (RFC 6749 §4.1.1). Everything after the first
/// page works on this record alone, never on what a form carries. It belongs to one browser and is answered once.
/// </summary>
internal sealed record AuthorizationRequest
{
    /// <summary>How long a user may take to sign in and decide.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long the browser that answered gets the same response again.</summary>
    public static readonly TimeSpan RepeatTime = TimeSpan.FromMinutes(1);

    public static readonly OAuthError Expired = OAuthError.InvalidRequest("This sign-in has expired.");
    public static readonly OAuthError AlreadyAnswered = OAuthError.InvalidRequest("This request was already answered.");

    public required string Id { get; init; }
    public required string ClientId { get; init; }
    public required string RedirectUri { get; init; }

    /// <summary>The client's <c>state</c>, form-urlencoded as it goes back.</summary>
    public string? State { get; init; }

    public required ScopeSet Scope { get; init; }

    /// <summary>The scopes that the user may leave out. <c>mcp.read</c> is not one of them, since nothing works without it.</summary>
    public ScopeSet OptionalScope => ScopeSet.Of(Scope.Where(scope => scope != ScopeSet.Read));

    /// <summary>Whether the user has no choice about <c>mcp.read</c>, because it was asked for or is part of what was.</summary>
    public bool NeedsRead => Scope.Covers(ScopeSet.Of(ScopeSet.Read));

    public required string Resource { get; init; }
    public required PkceChallenge CodeChallenge { get; init; }

    /// <summary>Hash of the cookie of the browser that began it.</summary>
    public required TokenHash Browser { get; init; }

    /// <summary>Whether the client asked that a signed-in user signs in again (<c>prompt=login</c>).</summary>
    public bool RequiresFreshSignIn { get; init; }

    /// <summary>The upstream provider that the user signs in at; null for a local account, or before one was chosen.</summary>
    public string? Provider { get; init; }

    /// <summary>What the user allowed, which may be before the sign-in at a provider. Null until then, and after a denial.</summary>
    public ScopeSet? ApprovedScope { get; init; }

    /// <summary>
    /// Whether the user is asked even if the same was allowed before: the client wants it (<c>prompt=consent</c>), or another site
    /// sent the browser here, so that the user may not know of it.
    /// </summary>
    public bool RequiresConsent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>256 random bits that turn the browser's cookie into the code; null before the answer, and after a denial.</summary>
    public string? CodeSalt { get; init; }

    public bool IsExpired(DateTimeOffset now) => now >= CreatedAt + Lifetime;

    /// <summary>Why this visitor may not act on it; null when it may. Whether it was answered is for <see cref="NextStep"/>.</summary>
    public OAuthError? Refuse(Visitor visitor, DateTimeOffset now)
    {
        if (IsExpired(now))
            return Expired;
        return visitor.IsIn(Browser)
            ? null
            : OAuthError.AccessDenied() with
            {
                Description = "This sign-in was started in another browser.",
                Detail = "binding cookie missing or different",
            };
    }

    /// <summary>What has to happen before the client gets its answer.</summary>
    public AuthorizeStep NextStep(Visitor visitor) =>
        this switch
        {
            { AnsweredAt: not null } => AlreadyAnswered,
            _ when IsSignedIn(visitor) => new AuthorizeStep.Consent(Id),
            { Provider: null } => new AuthorizeStep.SignIn(Id),
            // The user decides about this client before going to a provider. The provider knows this server alone and would let
            // every client through (MCP security best practices, "Confused Deputy Problem").
            { ApprovedScope: null } => new AuthorizeStep.Consent(Id),
            _ => new AuthorizeStep.Upstream(Id),
        };

    public bool IsSignedIn(Visitor visitor) => visitor.Subject is not null && (!RequiresFreshSignIn || visitor.SignedInAt >= CreatedAt);

    /// <summary>Whether it was answered within the last minute, and with the same answer.</summary>
    /// <param name="scope">What was allowed; null for a denial.</param>
    public bool WasAnswered(ScopeSet? scope, DateTimeOffset now) =>
        AnsweredAt is { } answeredAt
        && now < answeredAt + RepeatTime
        && (CodeSalt is null ? scope is null : scope is not null && scope.Equals(ApprovedScope));

    /// <summary>
    /// The code of an answer. It is derived from the cookie and the stored salt, so that a repeated answer has the same code
    /// although only its hash is stored.
    /// </summary>
    public static Secret Code(Secret browser, string salt) =>
        new(Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(browser.Reveal()), Encoding.UTF8.GetBytes(salt))));

    /// <summary>What is left of the scope when the user ticked only these; never more than was asked for.</summary>
    public Result<ScopeSet> Narrow(IReadOnlyCollection<string> ticked)
    {
        if (ticked.Except(Scope).Any())
            return OAuthError.InvalidRequest("The form is malformed.") with { Detail = "ticked a scope that was not asked for" };
        var left = ScopeSet.Of(Scope.Where(scope => ticked.Contains(scope) || scope == ScopeSet.Read));
        var read = ScopeSet.Of(ScopeSet.Read);
        return NeedsRead && !left.Covers(read) ? read.Union(left) : left;
    }

    /// <summary>The response that carries this code.</summary>
    public AuthorizationResponse Respond(string issuer, Secret code) => new(RedirectUri, State, issuer, code, null);

    public AuthorizationResponse Respond(string issuer, OAuthError error) => new(RedirectUri, State, issuer, null, error);

    /// <summary>
    /// Whether a browser may be sent to the client before anybody has signed in: to a client that an operator vouches for, or to
    /// the user's own machine. Otherwise this server would redirect to whoever registers (RFC 9700 §4.11.2).
    /// </summary>
    public static bool IsTrustedTarget(Client client, string redirectUri) =>
        client.IsPreRegistered || Protocol.RedirectUri.IsLoopback(redirectUri);
}
