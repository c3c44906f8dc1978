using OAuthMcp.Api.Pages.Admin;

namespace OAuthMcp.Api.Pages;

/// <summary>
/// What a page says about the form that led to it. The address holds a name and not the text, so that nobody can make a page say
/// what they like.
/// </summary>
internal static class Notices
{
    public const string PasswordChanged = "password-changed";
    public const string PasswordChangedPasskeysRemoved = "password-changed-passkeys-removed";
    public const string PasswordWrong = "password-wrong";
    public const string PasswordUnusable = "password-unusable";
    public const string PasswordCommon = "password-common";
    public const string PasswordOfNames = "password-of-names";
    public const string TooMany = "too-many";
    public const string AuthenticatorOff = "authenticator-off";
    public const string PasskeyAdded = "passkey-added";
    public const string PasskeyRefused = "passkey-refused";
    public const string PasskeyRemoved = "passkey-removed";
    public const string Disconnected = "disconnected";

    public const string NoSuchUser = "no-such-user";
    public const string OwnAccount = "own-account";

    public static SeeOther OnAccount(string notice) => new($"/account?notice={notice}");

    /// <summary>The text and whether it is bad news; null for an unknown name.</summary>
    public static (string Text, bool IsFailure)? Of(string? name) =>
        name switch
        {
            PasswordChanged => (Texts.Notice_PasswordChanged, false),
            PasswordChangedPasskeysRemoved => (Texts.Notice_PasswordChangedPasskeysRemoved, false),
            PasswordWrong => (Texts.Notice_PasswordWrong, true),
            PasswordUnusable => (Texts.Notice_PasswordUnusable, true),
            PasswordCommon => (Texts.Notice_PasswordCommon, true),
            PasswordOfNames => (Texts.Notice_PasswordOfNames, true),
            TooMany => (Texts.SignIn_TooMany, true),
            AuthenticatorOff => (Texts.Notice_AuthenticatorOff, false),
            PasskeyAdded => (Texts.Notice_PasskeyAdded, false),
            PasskeyRefused => (Texts.Notice_PasskeyRefused, true),
            PasskeyRemoved => (Texts.Notice_PasskeyRemoved, false),
            Disconnected => (Texts.Notice_Disconnected, false),
            NoSuchUser => (Texts.Notice_NoSuchUser, true),
            OwnAccount => (Texts.Notice_OwnAccount, true),
            _ => AdminAct.Find(name) is { } act ? (act.Done, false) : null,
        };
}
