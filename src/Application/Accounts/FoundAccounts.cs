using OAuthMcp.Application.Audit;

namespace OAuthMcp.Application.Accounts;

internal static class FoundAccounts
{
    /// <summary>Names the account in the audit trail, once a sign-in has shown whose it is.</summary>
    public static SignInOutcome Found(this CurrentAct act, SignInOutcome outcome)
    {
        var account = outcome switch
        {
            SignInOutcome.SignedIn(var whose) => whose,
            SignInOutcome.NeedsCode(var whose) => whose,
            _ => null,
        };
        act.Subject = account?.Subject ?? act.Subject;
        if (outcome is SignInOutcome.NeedsCode)
            act.Decision = AuditWords.Continued;
        return outcome;
    }
}
