using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>A disabled account can sign in again. What it had allowed before stays ended.</summary>
internal sealed record EnableAccountCommand(string? UserName) : IRequest<Result<ChangedAccount>>, IAdministration
{
    string? IAdministration.Target => UserName;
}

internal sealed class EnableAccountValidator : AbstractValidator<EnableAccountCommand>
{
    public EnableAccountValidator() => RuleFor(command => command.UserName).NotEmpty().WithMessage("The user name is missing.");
}

internal sealed class EnableAccountHandler(IAccountAdministration accounts) : IRequestHandler<EnableAccountCommand, Result<ChangedAccount>>
{
    public async Task<Result<ChangedAccount>> Handle(EnableAccountCommand command, CancellationToken ct) =>
        ChangedAccount.Or(await accounts.TryEnableAsync(command.UserName!, ct), command.UserName);
}
