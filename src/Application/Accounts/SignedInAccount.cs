namespace OAuthMcp.Application.Accounts;

/// <param name="Subject">The <c>sub</c> of the account's tokens, <c>usr_…</c>.</param>
/// <param name="UserName">What the person typed at registration.</param>
public sealed record SignedInAccount(string Subject, string UserName);
