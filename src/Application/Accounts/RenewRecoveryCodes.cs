using MediatR;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Accounts;

/// <summary>Replaces the recovery codes and shows them this once. Null for an account whose second factor is off.</summary>
internal sealed record RenewRecoveryCodesCommand(string Subject) : IRequest<RenewedRecoveryCodes>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.Account, "RenewRecoveryCodes") { Subject = Subject };
}

internal sealed record RenewedRecoveryCodes(IReadOnlyList<Secret>? Codes);

internal sealed class RenewRecoveryCodesHandler(IRecoveryCodes stored) : IRequestHandler<RenewRecoveryCodesCommand, RenewedRecoveryCodes>
{
    public async Task<RenewedRecoveryCodes> Handle(RenewRecoveryCodesCommand command, CancellationToken ct)
    {
        var codes = RecoveryCode.GenerateAll();
        return new RenewedRecoveryCodes(
            await stored.TryReplaceAsync(command.Subject, [.. codes.Select(RecoveryCode.HashOf)], ct) ? codes : null
        );
    }
}
