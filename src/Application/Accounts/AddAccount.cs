using FluentValidation;
using MediatR;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

public sealed record AddAccountCommand(string? UserName, Secret? Password) : IRequest<Result<SignedInAccount>>;

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

internal sealed class AddAccountHandler(IAccounts accounts) : IRequestHandler<AddAccountCommand, Result<SignedInAccount>>
{
    public Task<Result<SignedInAccount>> Handle(AddAccountCommand command, CancellationToken ct) =>
        accounts.AddAsync(command.UserName!, command.Password!, ct);
}

internal static class PasswordRules
{
    public const string TooCommon = "The password is one of the most common ones.";

    /// <summary>8 to 1024 characters, of whatever kind, and not one that everybody tries (NIST SP 800-63B §5.1.1.2).</summary>
    public static void MustBeAPassword<T>(this IRuleBuilderInitial<T, Secret?> rule) =>
        rule.Cascade(CascadeMode.Stop)
            .NotNull()
            .WithMessage("The password is empty.")
            .Must(password => password!.Reveal().Length is >= 8 and <= 1024)
            .WithMessage("The password must have 8 to 1024 characters.")
            .Must(password => !CommonPasswords.Contains(password!))
            .WithMessage(TooCommon);
}
