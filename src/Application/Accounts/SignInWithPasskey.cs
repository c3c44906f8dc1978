using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Settings;

namespace OAuthMcp.Application.Accounts;

/// <summary>Sign-in without name and password. No code is asked for, since the authenticator has verified its owner.</summary>
internal sealed record SignInWithPasskeyCommand(PasskeyAnswer Answer) : IRequest<SignInOutcome>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.SignIn, "passkey");
}

internal sealed class SignInWithPasskeyValidator : AbstractValidator<SignInWithPasskeyCommand>
{
    public SignInWithPasskeyValidator() => RuleFor(command => command.Answer).MustBeOfSaneLength();
}

internal sealed class SignInWithPasskeyHandler(IPasskeySignIn passkeys, OAuthSettings settings, CurrentAct act)
    : IRequestHandler<SignInWithPasskeyCommand, SignInOutcome>
{
    public async Task<SignInOutcome> Handle(SignInWithPasskeyCommand command, CancellationToken ct) =>
        act.Found(settings.LocalAccounts ? await passkeys.FinishAsync(command.Answer, ct) : new SignInOutcome.WrongPassword())
            .Counted("passkey");
}
