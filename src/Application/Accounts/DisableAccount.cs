using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>The account can no longer sign in, and its tokens are refused at once.</summary>
internal sealed record DisableAccountCommand(string? UserName) : IRequest<Result<ChangedAccount>>, IAdministration
{
    string? IAdministration.Target => UserName;
}

internal sealed class DisableAccountValidator : AbstractValidator<DisableAccountCommand>
{
    public DisableAccountValidator() => RuleFor(command => command.UserName).NotEmpty().WithMessage("The user name is missing.");
}

internal sealed class DisableAccountHandler(IAccountAdministration accounts)
    : IRequestHandler<DisableAccountCommand, Result<ChangedAccount>>
{
    public async Task<Result<ChangedAccount>> Handle(DisableAccountCommand command, CancellationToken ct) =>
        ChangedAccount.Or(await accounts.TryDisableAsync(command.UserName!, ct), command.UserName);
}
