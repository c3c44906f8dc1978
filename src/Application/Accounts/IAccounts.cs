using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>The people who can sign in here. Owns passwords and lockout; what they allow is Authorize's.</summary>
public interface IAccounts
{
    Task<SignInOutcome> CheckPasswordAsync(string userName, Secret password, CancellationToken ct);

    /// <summary>The new account's subject, or <c>invalid_request</c> with the rule that name or password break.</summary>
    Task<Result<SignedInAccount>> AddAsync(string userName, Secret password, CancellationToken ct);

    /// <summary>Sets the password and revokes every grant of the account, all at once.</summary>
    Task<Result<SignedInAccount>> SetPasswordAsync(string userName, Secret password, CancellationToken ct);

    /// <summary>The account can no longer sign in, and its tokens are refused. False when there is none.</summary>
    Task<bool> TryDisableAsync(string userName, CancellationToken ct);

    Task<IReadOnlyList<ListedAccount>> ListAsync(CancellationToken ct);
}

public sealed record ListedAccount(string Subject, string UserName, bool IsDisabled);

/// <param name="Subject">The <c>sub</c> of the account's tokens, <c>usr_…</c>.</param>
/// <param name="UserName">What the person typed at registration.</param>
public sealed record SignedInAccount(string Subject, string UserName);

/// <summary>What a password, a code or a passkey led to. An unknown name is a wrong password, in text and in time.</summary>
public abstract record SignInOutcome : IRefusable<SignInOutcome>
{
    private SignInOutcome()
    {
    }

    public abstract OAuthError? Error { get; }

    public static SignInOutcome Refused(OAuthError error) => new WrongPassword();

    public sealed record SignedIn(SignedInAccount Account) : SignInOutcome
    {
        public override OAuthError? Error => null;
    }

    /// <summary>The password was right; who turned a second factor on is asked for a code of it.</summary>
    public sealed record NeedsCode(SignedInAccount Account) : SignInOutcome
    {
        public override OAuthError? Error => null;
    }

    public sealed record WrongPassword : SignInOutcome
    {
        public override OAuthError? Error => new("access_denied", "Wrong user name or password.");
    }

    public sealed record LockedOut(TimeSpan RetryAfter) : SignInOutcome
    {
        public override OAuthError? Error => new("access_denied", "Too many attempts.") { RetryAfter = RetryAfter };
    }
}
