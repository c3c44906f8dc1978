using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Authorize;

/// <summary>The browser in front of a page and who is signed in there.</summary>
/// <param name="Browser">The binding cookie; null when the browser sent none.</param>
/// <param name="Subject">The signed-in account, or null.</param>
/// <param name="SignedInAt">When the user showed who it is. Null when a provider did not say, which counts as too long ago.</param>
/// <param name="Stamp">The stamp of the account when this session was last checked. It changes with the password.</param>
internal sealed record Visitor(Secret? Browser, string? Subject, DateTimeOffset? SignedInAt, string? Stamp = null)
{
    /// <summary>How old a sign-in may be where it is changed how an account is signed in to, or what is linked to it.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromMinutes(15);

    /// <summary>Whether it signed in just now, as far as is known.</summary>
    public bool IsFresh(DateTimeOffset now) => Subject is not null && SignedInAt > now - Freshness;

    /// <summary>The same browser with nobody signed in.</summary>
    public Visitor SignedOut => new(Browser, null, null);

    public bool IsIn(TokenHash browser) => Browser is { } cookie && browser.Matches(cookie);
}
