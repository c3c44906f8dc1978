using MediatR;
using OAuthMcp.Application.Audit;

namespace OAuthMcp.Application.Accounts;

internal sealed record RemovePasskeyCommand(string Subject, string Id) : IRequest<Unit>, IAudited
{
    Audited IAudited.Audited => new(AuditWords.Account, "RemovePasskey") { Subject = Subject };
}

internal sealed class RemovePasskeyHandler(IPasskeys passkeys) : IRequestHandler<RemovePasskeyCommand, Unit>
{
    public async Task<Unit> Handle(RemovePasskeyCommand command, CancellationToken ct)
    {
        await passkeys.RemoveAsync(command.Subject, command.Id, ct);
        return Unit.Value;
    }
}
