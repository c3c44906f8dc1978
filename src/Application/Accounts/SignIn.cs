using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

internal sealed record SignInCommand(string? UserName, Secret? Password, SignInSource? From = null) : IRequest<SignInOutcome>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.SignIn, "password") { Name = UserName };
}

internal sealed class SignInValidator : AbstractValidator<SignInCommand>
{
    public SignInValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(command => command.UserName).NotEmpty().MaximumLength(256);
        RuleFor(command => command.Password).NotNull().Must(password => password!.Reveal().Length <= 1024);
    }
}

internal sealed class SignInHandler(IAccounts accounts, OAuthSettings settings, CurrentAct act)
    : IRequestHandler<SignInCommand, SignInOutcome>
{
    public async Task<SignInOutcome> Handle(SignInCommand command, CancellationToken ct) =>
        act.Found(
                settings.LocalAccounts
                    ? await accounts.CheckPasswordAsync(
                        command.UserName!.Trim(),
                        command.Password!,
                        command.From ?? SignInSource.Unknown,
                        ct
                    )
                    : new SignInOutcome.WrongPassword()
            )
            .Counted("password");
}
