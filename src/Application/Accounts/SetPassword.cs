using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>
/// A new password by an operator, for somebody who lost the old one or whose account is in other hands. It ends every session and every
/// grant of the account, and removes its passkeys too, since one of those hands may have added one.
/// </summary>
internal sealed record SetPasswordCommand(string? UserName, Secret? Password, bool KeepPasskeys = false)
    : IRequest<Result<ReplacedPassword>>,
        IAdministration
{
    string? IAdministration.Target => UserName;
}

internal sealed class SetPasswordValidator : AbstractValidator<SetPasswordCommand>
{
    public SetPasswordValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(command => command.UserName).NotEmpty().WithMessage("The user name is missing.");
        RuleFor(command => command.Password).MustBeAPassword();
    }
}

internal sealed class SetPasswordHandler(IAccounts accounts, OAuthSettings settings)
    : IRequestHandler<SetPasswordCommand, Result<ReplacedPassword>>
{
    public async Task<Result<ReplacedPassword>> Handle(SetPasswordCommand command, CancellationToken ct) =>
        PasswordRules.Refuse(command.Password!, command.UserName!, settings) is { } refusal
            ? refusal
            : await accounts.SetPasswordAsync(command.UserName!, command.Password!, command.KeepPasskeys ? [] : null, ct);
}
