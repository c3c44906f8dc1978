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

    /// <summary>An error code of somebody else's, for the log: as short and plain as registered ones are, or not said.</summary>
    public static string Printable(string error) =>
        error.Length <= 60 && error.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? error : "an error";

    public static OAuthError Expired => OAuthError.InvalidRequest("This sign-in has expired or was used already.");
}
