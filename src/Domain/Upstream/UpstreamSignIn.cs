using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Upstream;

/// <summary>
/// A user on the way to a provider and back. It belongs to the browser that was sent there, lasts ten minutes and is
/// used once (MCP security best practices, "Confused Deputy Problem"; RFC 9700 §4.7).
/// </summary>
public sealed record UpstreamSignIn
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Hash of the <c>state</c> that was sent along.</summary>
    public required TokenHash State { get; init; }

    public required string Provider { get; init; }

    /// <summary>Hash of the <c>nonce</c> that the ID token has to bring back.</summary>
    public required TokenHash Nonce { get; init; }

    public required Secret CodeVerifier { get; init; }

    /// <summary>Hash of the cookie that this browser got when it was sent there.</summary>
    public required TokenHash Browser { get; init; }

    /// <summary>The authorization request that goes on afterwards; null for a sign-in to the pages.</summary>
    public string? RequestId { get; init; }

    /// <summary>The page that a sign-in without a request leads to; null for the first one.</summary>
    public string? Then { get; init; }

    /// <summary>The signed-in account that the provider's account is linked to; null for a sign-in.</summary>
    public string? LinkTo { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>Why the answer that came with this state is not taken; null when it is.</summary>
    public OAuthError? Refuse(TokenHash? browser, DateTimeOffset now) =>
        this switch
        {
            _ when now >= CreatedAt + Lifetime => Expired,
            _ when browser != Browser => OAuthError.AccessDenied() with
            {
                Description = "This sign-in was started in another browser.",
                Detail = "upstream binding cookie missing or different",
            },
            { UsedAt: not null } => Expired,
            _ => null,
        };

    /// <summary>How far the provider's clock may be behind.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>
    /// When the user signed in, by this server's clock: now, where it was on this way to the provider; earlier, where the
    /// provider let a session of its own do; null, where it does not say.
    /// </summary>
    /// <param name="there">By the provider's clock.</param>
    public DateTimeOffset? SignedInAt(DateTimeOffset? there, DateTimeOffset now) => there > CreatedAt - ClockSkew ? now : there;

    /// <summary>Whether what went wrong at the provider is over once its user signs in there and does not only pass by.</summary>
    /// <param name="description">Microsoft says there which of its many reasons it was, and calls some of them a bad grant.</param>
    public static bool NeedsUser(string error, string? description) =>
        error is "interaction_required" or "login_required" or "consent_required" or "account_selection_required"
        || (error == "invalid_grant" && SessionsTooOld.Any(code => description?.Contains(code, StringComparison.Ordinal) == true));

    // A session that is over by policy: learn.microsoft.com, "Microsoft Entra authentication and authorization error codes".
    private static readonly string[] SessionsTooOld = ["AADSTS70043", "AADSTS70044", "AADSTS50078"];

    /// <summary>An error code of somebody else's, for the log: as short and plain as registered ones are, or not said.</summary>
    public static string Printable(string error) =>
        error.Length <= 60 && error.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? error : "an error";

    public static OAuthError Expired => OAuthError.InvalidRequest("This sign-in has expired or was used already.");
}
