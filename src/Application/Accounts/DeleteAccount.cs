using FluentValidation;
using MediatR;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>Deletes an account and all that it allowed.</summary>
public sealed record DeleteAccountCommand(string? UserName) : IRequest<Result<ChangedAccount>>;

internal sealed class DeleteAccountValidator : AbstractValidator<DeleteAccountCommand>
{
    public DeleteAccountValidator() => RuleFor(command => command.UserName).NotEmpty().WithMessage("The user name is missing.");
}

internal sealed class DeleteAccountHandler(IAccountAdministration accounts) : IRequestHandler<DeleteAccountCommand, Result<ChangedAccount>>
{
    public async Task<Result<ChangedAccount>> Handle(DeleteAccountCommand command, CancellationToken ct) =>
        ChangedAccount.Or(await accounts.TryDeleteAsync(command.UserName!, ct), command.UserName);
}
