using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Authorize;

/// <summary>The browser in front of a page and who is signed in there.</summary>
/// <param name="Browser">The binding cookie; null when the browser sent none.</param>
/// <param name="Subject">The signed-in account, or null.</param>
/// <param name="SignedInAt">When it showed who it is. Null counts as too long ago: a sign-in service may not say.</param>
/// <param name="Stamp">What the account's stamp was when this session was last checked. It changes with the password.</param>
public sealed record Visitor(Secret? Browser, string? Subject, DateTimeOffset? SignedInAt, string? Stamp = null)
{
    /// <summary>How long ago a sign-in may be before what gives an account away: its ways in, and what is linked to it.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromMinutes(15);

    /// <summary>Whether it signed in just now, as far as is known.</summary>
    public bool IsFresh(DateTimeOffset now) => Subject is not null && SignedInAt > now - Freshness;

    /// <summary>The same browser with nobody signed in.</summary>
    public Visitor SignedOut => new(Browser, null, null);

    public bool IsIn(TokenHash browser) => Browser is { } cookie && browser.Matches(cookie);
}
