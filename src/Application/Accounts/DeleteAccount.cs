using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>Deletes an account and all that it allowed.</summary>
internal sealed record DeleteAccountCommand(string? UserName) : IRequest<Result<ChangedAccount>>, IAdministration
{
    string? IAdministration.Target => UserName;
}

internal sealed class DeleteAccountValidator : AbstractValidator<DeleteAccountCommand>
{
    public DeleteAccountValidator() => RuleFor(command => command.UserName).NotEmpty().WithMessage("The user name is missing.");
}

internal sealed class DeleteAccountHandler(IAccountAdministration accounts) : IRequestHandler<DeleteAccountCommand, Result<ChangedAccount>>
{
    public async Task<Result<ChangedAccount>> Handle(DeleteAccountCommand command, CancellationToken ct) =>
        ChangedAccount.Or(await accounts.TryDeleteAsync(command.UserName!, ct), command.UserName);
}
