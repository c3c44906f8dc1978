using MediatR;
using OAuthMcp.Application.Audit;

namespace OAuthMcp.Application.Authorize;

/// <summary>Takes back all that a user allowed a client. Its tokens are refused from now on, and it has to ask again.</summary>
internal sealed record DisconnectCommand(string Subject, string ClientId) : IRequest<Unit>, IAudited
{
    Audited IAudited.Audited =>
        new(AuditWords.Revocation, "disconnect")
        {
            Subject = Subject,
            ClientId = ClientId,
            IsOfRefusals = true,
        };
}

internal sealed class DisconnectHandler(IConnections connections, CurrentAct act, TimeProvider time)
    : IRequestHandler<DisconnectCommand, Unit>
{
    public async Task<Unit> Handle(DisconnectCommand command, CancellationToken ct)
    {
        // Of a client that nothing was allowed to there is nothing to tell: who knows whether it is one.
        act.IsDone = await connections.DisconnectAsync(command.Subject, command.ClientId, time.GetUtcNow(), ct);
        return Unit.Value;
    }
}
