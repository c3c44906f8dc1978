using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Tokens;

namespace OAuthMcp.Api.Commands;

/// <summary>An account in lines for people.</summary>
internal static class AccountText
{
    public static string Of(AccountDetails account, ListedGrants allowed) =>
        string.Join(
            '\n',
            Lines(account)
                .Concat(Several("allowed", [.. allowed.Grants.Select(grant => $"{grant.Id}  {GrantCommands.Line(grant)}")]))
                .Concat(allowed.HasMore ? [("", "and more, see grants list")] : Array.Empty<(string, string)>())
                .Select(line => $"{line.Item1, -15}{line.Item2}")
        );

    /// <summary>What a new password did besides.</summary>
    public static string Of(ReplacedPassword replaced) =>
        $"Ended every session and {Shown.Count(replaced.GrantsEnded, "grant")}."
        + (replaced.PasskeysRemoved > 0 ? $" Removed {Shown.Count(replaced.PasskeysRemoved, "passkey")}." : "")
        + (replaced.PasskeysKept > 0 ? $" Kept {Shown.Count(replaced.PasskeysKept, "passkey")}: no password is asked there." : "");

    private static IEnumerable<(string, string)> Lines(AccountDetails account) =>
        [
            ("name", Shown.Name(account.UserName)),
            ("subject", account.Subject),
            ("state", account.DisabledAt is { } since ? $"disabled since {Shown.Moment(since)}" : "enabled"),
            .. Several(
                "locked out",
                [.. account.Lockouts.Select(lockout => $"{Shown.Name(lockout.Place)} until {Shown.Moment(lockout.Until)}")]
            ),
            ("last sign-in", account.LastSignInAt is { } at ? Shown.Moment(at) : "not in the audit trail"),
            ("wrong guesses", $"{account.FailedSignIns} since then"),
            ("password", account.HasPassword ? "set" : "none"),
            ("authenticator", account.HasAuthenticator ? $"on, {Left(account)}" : "off"),
            .. Several(
                "passkeys",
                [.. account.Passkeys.Select(passkey => $"{Shown.Name(passkey.Name)}, added {passkey.CreatedAt:yyyy-MM-dd}")]
            ),
            .. Several(
                "linked",
                [.. account.LinkedAccounts.Select(linked => $"{linked.Provider}: {Shown.Name(linked.UserName)} ({Shown.Name(linked.Id)})")]
            ),
        ];

    private static string Left(AccountDetails account) => $"{Shown.Count(account.RecoveryCodesLeft, "recovery code")} left";

    private static IEnumerable<(string, string)> Several(string what, IReadOnlyList<string> texts) =>
        texts.Count == 0 ? [(what, "none")] : texts.Select((text, index) => (index == 0 ? what : "", text));
}
