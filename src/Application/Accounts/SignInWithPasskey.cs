using FluentValidation;
using MediatR;
using OAuthMcp.Application.Settings;

namespace OAuthMcp.Application.Accounts;

/// <summary>Sign-in without name and password. The authenticator has verified its owner, so that no code is asked for.</summary>
public sealed record SignInWithPasskeyCommand(PasskeyAnswer Answer) : IRequest<SignInOutcome>;

internal sealed class SignInWithPasskeyValidator : AbstractValidator<SignInWithPasskeyCommand>
{
    public SignInWithPasskeyValidator() => RuleFor(command => command.Answer).MustBeOfSaneLength();
}

internal sealed class SignInWithPasskeyHandler(IPasskeySignIn passkeys, OAuthSettings settings)
    : IRequestHandler<SignInWithPasskeyCommand, SignInOutcome>
{
    public async Task<SignInOutcome> Handle(SignInWithPasskeyCommand command, CancellationToken ct) =>
        settings.LocalAccounts ? await passkeys.FinishAsync(command.Answer, ct) : new SignInOutcome.WrongPassword();
}

internal static class PasskeyRules
{
    private const int MaxLength = 16 * 1024;

    public static void MustBeOfSaneLength<T>(this IRuleBuilderInitial<T, PasskeyAnswer> rule) =>
        rule.Must(answer => answer.Credential.Reveal().Length <= MaxLength && answer.State.Reveal().Length <= MaxLength)
            .WithMessage("The passkey's answer is too long.");
}
