using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>A new password from somebody who knows the old one. It ends every session and every grant of the account.</summary>
/// <param name="RemovePasskeys">The ids of passkeys that are to go with it; null for none.</param>
internal sealed record ChangePasswordCommand(
    string UserName,
    Secret? Current,
    Secret? Password,
    SignInSource? From = null,
    IReadOnlyList<string>? RemovePasskeys = null
) : IRequest<Result<ReplacedPassword>>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.Account, "ChangePassword") { Name = UserName };

    /// <summary>What is said of a password that attackers try first, and of one made of names they know.</summary>
    public const string TooCommon = PasswordRules.TooCommon;

    public const string OnlyNames = PasswordRules.OnlyNames;
}

internal sealed class ChangePasswordValidator : AbstractValidator<ChangePasswordCommand>
{
    public ChangePasswordValidator()
    {
        RuleFor(command => command.Password).MustBeAPassword();
        RuleFor(command => command.RemovePasskeys)
            .Must(ids => ids is null || ids.Count <= PasskeyRules.Most)
            .WithMessage("There are not so many passkeys.");
    }
}

internal sealed class ChangePasswordHandler(IAccounts accounts, OAuthSettings settings)
    : IRequestHandler<ChangePasswordCommand, Result<ReplacedPassword>>
{
    public async Task<Result<ReplacedPassword>> Handle(ChangePasswordCommand command, CancellationToken ct)
    {
        if (PasswordRules.Refuse(command.Password!, command.UserName, settings) is { } refusal)
            return refusal;
        if (command.Current is null)
            return new SignInOutcome.WrongPassword().Error!;
        return await accounts.CheckPasswordAsync(command.UserName, command.Current, command.From ?? SignInSource.Unknown, ct) switch
        {
            SignInOutcome.SignedIn or SignInOutcome.NeedsCode => await accounts.SetPasswordAsync(
                command.UserName,
                command.Password!,
                command.RemovePasskeys ?? [],
                ct
            ),
            var refused => refused.Error!,
        };
    }
}
