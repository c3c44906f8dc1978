namespace OAuthMcp.Application.Accounts;

/// <param name="Subject">The <c>sub</c> of the account's tokens, <c>usr_…</c>.</param>
/// <param name="UserName">What the person typed at registration.</param>
/// <param name="Stamp">The stamp of the account when the password was checked; null for the present one.</param>
internal sealed record SignedInAccount(string Subject, string UserName, string? Stamp = null);
