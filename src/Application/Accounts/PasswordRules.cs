using FluentValidation;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

internal static class PasswordRules
{
    public const string TooCommon = "The password is one of the most common ones.";

    /// <summary>8 to 1024 characters, of whatever kind, and not one that everybody tries (NIST SP 800-63B §5.1.1.2).</summary>
    public static void MustBeAPassword<T>(this IRuleBuilderInitial<T, Secret?> rule) =>
        rule.Cascade(CascadeMode.Stop)
            .NotNull()
            .WithMessage("The password is empty.")
            .Must(password => password!.Reveal().Length is >= 8 and <= 1024)
            .WithMessage("The password must have 8 to 1024 characters.")
            .Must(password => !CommonPasswords.Contains(password!))
            .WithMessage(TooCommon);
}
