using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

internal sealed record AddAccountCommand(string? UserName, Secret? Password) : IRequest<Result<SignedInAccount>>, IAdministration
{
    string? IAdministration.Target => UserName;
}

internal sealed class AddAccountValidator : AbstractValidator<AddAccountCommand>
{
    public AddAccountValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(command => command.UserName)
            .NotEmpty()
            .WithMessage("The user name is missing.")
            .MaximumLength(256)
            .WithMessage("The user name is longer than 256 characters.");
        RuleFor(command => command.Password).MustBeAPassword();
    }
}

internal sealed class AddAccountHandler(IAccounts accounts, OAuthSettings settings, CurrentAct act)
    : IRequestHandler<AddAccountCommand, Result<SignedInAccount>>
{
    public async Task<Result<SignedInAccount>> Handle(AddAccountCommand command, CancellationToken ct)
    {
        if (PasswordRules.Refuse(command.Password!, command.UserName!, settings) is { } refusal)
            return refusal;
        var added = await accounts.AddAsync(command.UserName!, command.Password!, ct);
        if (added.Try(out var account, out _))
            act.Subject = account.Subject;
        return added;
    }
}
