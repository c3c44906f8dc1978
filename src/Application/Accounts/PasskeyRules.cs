using FluentValidation;

namespace OAuthMcp.Application.Accounts;

internal static class PasskeyRules
{
    /// <summary>How many passkeys an account can have.</summary>
    public const int Most = 20;

    private const int MaxLength = 16 * 1024;

    public static void MustBeOfSaneLength<T>(this IRuleBuilderInitial<T, PasskeyAnswer> rule) =>
        rule.Must(answer => answer.Credential.Reveal().Length <= MaxLength && answer.State.Reveal().Length <= MaxLength)
            .WithMessage("The passkey's answer is too long.");
}
