using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>The people who can sign in here. Owns passwords and lockout; what they allow is Authorize's.</summary>
internal interface IAccounts
{
    Task<SignInOutcome> CheckPasswordAsync(string userName, Secret password, SignInSource from, CancellationToken ct);

    /// <summary>The new account, or <c>invalid_request</c> with the rule that its name or password breaks.</summary>
    Task<Result<SignedInAccount>> AddAsync(string userName, Secret password, CancellationToken ct);

    /// <summary>Sets the password, revokes every grant of the account and removes passkeys of it, all at once.</summary>
    /// <param name="passkeys">The ids of those to remove; null for all of them.</param>
    Task<Result<ReplacedPassword>> SetPasswordAsync(
        string userName,
        Secret password,
        IReadOnlyCollection<string>? passkeys,
        CancellationToken ct
    );
}
