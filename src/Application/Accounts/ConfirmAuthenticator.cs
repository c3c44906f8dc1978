using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>Turns the second factor on once a code proves that the app has the key. The recovery codes are shown this once.</summary>
internal sealed record ConfirmAuthenticatorCommand(string Subject, string? Code) : IRequest<ConfirmedAuthenticator>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.Account, "ConfirmAuthenticator") { Subject = Subject };
}

/// <param name="RecoveryCodes">Null when the code was wrong.</param>
/// <param name="Proposed">The key to try again with; null when there is none.</param>
internal sealed record ConfirmedAuthenticator(IReadOnlyList<Secret>? RecoveryCodes, AuthenticatorKey? Proposed);

internal sealed class ConfirmAuthenticatorHandler(ISecondFactors factors, CurrentAct act, TimeProvider time)
    : IRequestHandler<ConfirmAuthenticatorCommand, ConfirmedAuthenticator>
{
    public async Task<ConfirmedAuthenticator> Handle(ConfirmAuthenticatorCommand command, CancellationToken ct)
    {
        var proposed = (await factors.FindAsync(command.Subject, ct)).Proposed;
        if (proposed?.FindStep((command.Code ?? "").Replace(" ", "", StringComparison.Ordinal), time.GetUtcNow()) is not { } step)
        {
            act.Decision = AuditWords.Refused;
            return new ConfirmedAuthenticator(null, proposed);
        }

        var codes = RecoveryCode.GenerateAll();
        return new ConfirmedAuthenticator(
            await factors.TryTurnOnAsync(command.Subject, step, [.. codes.Select(RecoveryCode.HashOf)], ct) ? codes : null,
            null
        );
    }
}
