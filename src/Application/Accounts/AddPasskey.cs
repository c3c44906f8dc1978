using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>Another way to sign in to the account.</summary>
/// <param name="Name">What its owner calls it.</param>
internal sealed record AddPasskeyCommand(string Subject, string? Name, PasskeyAnswer Answer) : IRequest<Result<Passkey>>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.Account, "AddPasskey") { Subject = Subject };
}

internal sealed class AddPasskeyValidator : AbstractValidator<AddPasskeyCommand>
{
    public AddPasskeyValidator()
    {
        RuleFor(command => command.Name).MaximumLength(64).WithMessage("The passkey's name is longer than 64 characters.");
        RuleFor(command => command.Answer).MustBeOfSaneLength();
    }
}

internal sealed class AddPasskeyHandler(IPasskeys passkeys) : IRequestHandler<AddPasskeyCommand, Result<Passkey>>
{
    public async Task<Result<Passkey>> Handle(AddPasskeyCommand command, CancellationToken ct) =>
        (await passkeys.ListAsync(command.Subject, ct)).Count >= PasskeyRules.Most
            ? OAuthError.InvalidRequest("The account has as many passkeys as it can have.")
            : await passkeys.AddAsync(
                command.Subject,
                string.IsNullOrWhiteSpace(command.Name) ? null : command.Name.Trim(),
                command.Answer,
                ct
            );
}
