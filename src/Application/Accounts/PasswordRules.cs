using FluentValidation;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>What may become a password (NIST SP 800-63B §5.1.1.2). One that is set already is not asked again.</summary>
internal static class PasswordRules
{
    public const string TooCommon = "The password is one of the most common ones.";
    public const string OnlyNames = "The password is little more than the user name or the name of this server.";

    /// <summary>8 to 1024 characters, of whatever kind.</summary>
    public static void MustBeAPassword<T>(this IRuleBuilderInitial<T, Secret?> rule) =>
        rule.Cascade(CascadeMode.Stop)
            .NotNull()
            .WithMessage("The password is empty.")
            .Must(password => password!.Reveal().Length is >= 8 and <= 1024)
            .WithMessage("The password must have 8 to 1024 characters.");

    /// <summary>Why it would be guessed; null when nothing is known against it.</summary>
    public static OAuthError? Refuse(Secret password, string userName, OAuthSettings settings) =>
        CommonPasswords.Contains(password) ? OAuthError.InvalidRequest(TooCommon)
        : NamedPasswords.Contains(password, userName, Brand.Product, settings.Brand.Name, new Uri(settings.Issuer).Host)
            ? OAuthError.InvalidRequest(OnlyNames)
        : null;
}
