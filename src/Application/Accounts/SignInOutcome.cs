using OAuthMcp.Application.Telemetry;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>What a password, a code or a passkey led to. An unknown name looks like a wrong password, in text and in time.</summary>
internal abstract record SignInOutcome : IRefusable<SignInOutcome>
{
    private SignInOutcome() { }

    /// <summary>Counts it, as an attempt by that method.</summary>
    internal SignInOutcome Counted(string method)
    {
        Instruments.SignedIn(
            method,
            this switch
            {
                SignedIn => "signed_in",
                NeedsCode => "needs_code",
                LockedOut => "locked_out",
                _ => "refused",
            }
        );
        return this;
    }

    public abstract OAuthError? Error { get; }

    public static SignInOutcome Refused(OAuthError error) => new WrongPassword();

    public sealed record SignedIn(SignedInAccount Account) : SignInOutcome
    {
        public override OAuthError? Error => null;
    }

    /// <summary>The password was right, and the account has a second factor, whose code is asked for.</summary>
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
