using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>A new password by an operator. It ends every session and every grant of the account.</summary>
public sealed record SetPasswordCommand(string? UserName, Secret? Password) : IRequest<Result<SignedInAccount>>, IAdministration
{
    string? IAdministration.Target => UserName;
}

internal sealed class SetPasswordValidator : AbstractValidator<SetPasswordCommand>
{
    public SetPasswordValidator() => RuleFor(command => command.Password).MustBeAPassword();
}

internal sealed class SetPasswordHandler(IAccounts accounts) : IRequestHandler<SetPasswordCommand, Result<SignedInAccount>>
{
    public Task<Result<SignedInAccount>> Handle(SetPasswordCommand command, CancellationToken ct) =>
        accounts.SetPasswordAsync(command.UserName!, command.Password!, ct);
}
