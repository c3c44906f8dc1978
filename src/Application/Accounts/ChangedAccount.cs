using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>The account that an operator did something to, by the name that was given.</summary>
internal sealed record ChangedAccount(string UserName)
{
    internal static Result<ChangedAccount> Or(bool isThere, string? userName) =>
        isThere ? new ChangedAccount(userName!) : OAuthError.InvalidRequest($"There is no account {userName}.");
}
