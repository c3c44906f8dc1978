using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>Somebody has lost what they sign in with beside their password. From now on the password is enough.</summary>
internal sealed record ResetFactorsCommand(string? UserName) : IRequest<Result<ChangedAccount>>, IAdministration
{
    string? IAdministration.Target => UserName;
}

internal sealed class ResetFactorsValidator : AbstractValidator<ResetFactorsCommand>
{
    public ResetFactorsValidator() => RuleFor(command => command.UserName).NotEmpty().WithMessage("The user name is missing.");
}

internal sealed class ResetFactorsHandler(IAccountAdministration accounts) : IRequestHandler<ResetFactorsCommand, Result<ChangedAccount>>
{
    public async Task<Result<ChangedAccount>> Handle(ResetFactorsCommand command, CancellationToken ct) =>
        ChangedAccount.Or(await accounts.TryResetFactorsAsync(command.UserName!, ct), command.UserName);
}
