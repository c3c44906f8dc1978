using MediatR;

namespace OAuthMcp.Application.Accounts;

/// <summary>Asks for no code any more, and forgets the key and the recovery codes.</summary>
public sealed record TurnOffAuthenticatorCommand(string Subject) : IRequest<Unit>;

internal sealed class TurnOffAuthenticatorHandler(ISecondFactors factors) : IRequestHandler<TurnOffAuthenticatorCommand, Unit>
{
    public async Task<Unit> Handle(TurnOffAuthenticatorCommand command, CancellationToken ct)
    {
        await factors.TurnOffAsync(command.Subject, ct);
        return Unit.Value;
    }
}
