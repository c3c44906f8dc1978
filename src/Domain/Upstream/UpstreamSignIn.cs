using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Upstream;

/// <summary>
/// A user on the way to a provider and back. It belongs to the browser that was sent there, lasts ten minutes and is
/// used once (MCP security best practices, "Confused Deputy Problem"; RFC 9700 §4.7).
/// </summary>
internal sealed record UpstreamSignIn
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

    /// <summary>Why the answer that came with this state is refused; null when it is taken.</summary>
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
    /// When the user signed in, by this server's clock. Now for a sign-in on this way to the provider, the time it names for an
    /// earlier session, null when it names none.
    /// </summary>
    /// <param name="there">By the provider's clock.</param>
    public DateTimeOffset? SignedInAt(DateTimeOffset? there, DateTimeOffset now) => there > CreatedAt - ClockSkew ? now : there;

    /// <summary>Whether the error is over once the user signs in at the provider instead of using a session there.</summary>
    /// <param name="description">Where Microsoft names its reason; it calls some of these cases <c>invalid_grant</c>.</param>
    public static bool NeedsUser(string error, string? description) =>
        error is "interaction_required" or "login_required" or "consent_required" or "account_selection_required"
        || (error == "invalid_grant" && SessionsTooOld.Any(code => description?.Contains(code, StringComparison.Ordinal) == true));

    // Microsoft ended the session by policy: learn.microsoft.com, "Microsoft Entra authentication and authorization error codes".
    private static readonly string[] SessionsTooOld = ["AADSTS70043", "AADSTS70044", "AADSTS50078"];

    /// <summary>
    /// An error code of another server, for the log. One that is longer or stranger than registered ones is not repeated.
    /// </summary>
    public static string Printable(string error) =>
        error.Length <= 60 && error.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? error : "an error";

    public static OAuthError Expired => OAuthError.InvalidRequest("This sign-in has expired or was used already.");
}
