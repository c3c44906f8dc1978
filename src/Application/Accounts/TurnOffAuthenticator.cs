using MediatR;
using OAuthMcp.Application.Audit;

namespace OAuthMcp.Application.Accounts;

/// <summary>Asks for no code any more, and forgets the key and the recovery codes.</summary>
internal sealed record TurnOffAuthenticatorCommand(string Subject) : IRequest<Unit>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.Account, "TurnOffAuthenticator") { Subject = Subject };
}

internal sealed class TurnOffAuthenticatorHandler(ISecondFactors factors) : IRequestHandler<TurnOffAuthenticatorCommand, Unit>
{
    public async Task<Unit> Handle(TurnOffAuthenticatorCommand command, CancellationToken ct)
    {
        await factors.TurnOffAsync(command.Subject, ct);
        return Unit.Value;
    }
}
