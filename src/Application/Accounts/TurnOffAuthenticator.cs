using MediatR;

namespace OAuthMcp.Application.Accounts;

/// <summary>No code is asked for any more; key and recovery codes are forgotten.</summary>
public sealed record TurnOffAuthenticatorCommand(string Subject) : IRequest<Unit>;

internal sealed class TurnOffAuthenticatorHandler(ISecondFactors factors) : IRequestHandler<TurnOffAuthenticatorCommand, Unit>
{
    public async Task<Unit> Handle(TurnOffAuthenticatorCommand command, CancellationToken ct)
    {
        await factors.TurnOffAsync(command.Subject, ct);
        return Unit.Value;
    }
}
