namespace OAuthMcp.Application.Accounts;

/// <param name="Subject">The <c>sub</c> of the account's tokens, <c>usr_…</c>.</param>
/// <param name="UserName">What the person typed at registration.</param>
/// <param name="Stamp">The account's stamp when the password was looked at; null for whatever it is now.</param>
public sealed record SignedInAccount(string Subject, string UserName, string? Stamp = null);
