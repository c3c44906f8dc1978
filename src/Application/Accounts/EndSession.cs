using MediatR;
using OAuthMcp.Application.Audit;

namespace OAuthMcp.Application.Accounts;

/// <summary>Signs out. The session ends in every copy of its cookie, not in this browser alone.</summary>
internal sealed record EndSessionCommand(string SessionId) : IRequest<Unit>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.SignOut) { IsRoutine = true };
}

internal sealed class EndSessionHandler(ISessionStamps stamps, TimeProvider time) : IRequestHandler<EndSessionCommand, Unit>
{
    public async Task<Unit> Handle(EndSessionCommand command, CancellationToken ct)
    {
        await stamps.EndAsync(command.SessionId, time.GetUtcNow() + SessionStamp.Lifetime, ct);
        return Unit.Value;
    }
}
