using FluentValidation;
using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>The second step of a sign-in whose password was right.</summary>
/// <param name="Code">Of the authenticator app, or a recovery code.</param>
internal sealed record SignInWithCodeCommand(string Subject, Secret? Code, SignInSource? From = null) : IRequest<SignInOutcome>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.SignIn, "code") { Subject = Subject };
}

internal sealed class SignInWithCodeValidator : AbstractValidator<SignInWithCodeCommand>
{
    public SignInWithCodeValidator() =>
        RuleFor(command => command.Code).Cascade(CascadeMode.Stop).NotNull().Must(code => code!.Reveal().Length <= 64);
}

internal sealed class SignInWithCodeHandler(ISecondFactors factors, CurrentAct act) : IRequestHandler<SignInWithCodeCommand, SignInOutcome>
{
    public async Task<SignInOutcome> Handle(SignInWithCodeCommand command, CancellationToken ct) =>
        act.Found(await factors.CheckCodeAsync(command.Subject, command.Code!, command.From ?? SignInSource.Unknown, ct)).Counted("code");
}
