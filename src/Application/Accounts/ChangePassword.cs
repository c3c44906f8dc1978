using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>A new password from somebody who knows the old one. It ends every session and every grant of the account.</summary>
public sealed record ChangePasswordCommand(string UserName, Secret? Current, Secret? Password, SignInSource? From = null)
    : IRequest<Result<SignedInAccount>>,
        IAudited
{
    Audited IAudited.Audited => new(AuditWords.Account, "ChangePassword") { Name = UserName };

    /// <summary>What is said of a password that attackers try first.</summary>
    public const string TooCommon = PasswordRules.TooCommon;
}

internal sealed class ChangePasswordValidator : AbstractValidator<ChangePasswordCommand>
{
    public ChangePasswordValidator() => RuleFor(command => command.Password).MustBeAPassword();
}

internal sealed class ChangePasswordHandler(IAccounts accounts) : IRequestHandler<ChangePasswordCommand, Result<SignedInAccount>>
{
    public async Task<Result<SignedInAccount>> Handle(ChangePasswordCommand command, CancellationToken ct) =>
        command.Current is null
            ? new SignInOutcome.WrongPassword().Error!
            : await accounts.CheckPasswordAsync(command.UserName, command.Current, command.From ?? SignInSource.Unknown, ct) switch
            {
                SignInOutcome.SignedIn or SignInOutcome.NeedsCode => await accounts.SetPasswordAsync(
                    command.UserName,
                    command.Password!,
                    ct
                ),
                var refused => refused.Error!,
            };
}
