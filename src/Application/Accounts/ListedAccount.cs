namespace OAuthMcp.Application.Accounts;

public sealed record ListedAccount(string Subject, string UserName, bool IsDisabled);
