namespace OAuthMcp.Application.Accounts;

internal sealed record ListedAccount(string Subject, string UserName, bool IsDisabled);
